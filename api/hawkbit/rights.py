"""hawkBit's permissions, by its own names and those of the seed, as ours.

Source: the seed, "Required permission" of each call.
"""

from enum import StrEnum

from auditlog.actor import Actor


class Right(StrEnum):
    """What a call asks for."""

    READ_TARGET = "READ_TARGET"
    CREATE_TARGET = "CREATE_TARGET"
    UPDATE_TARGET = "UPDATE_TARGET"
    DELETE_TARGET = "DELETE_TARGET"
    READ_TARGET_SECURITY_TOKEN = "READ_TARGET_SECURITY_TOKEN"  # noqa: S105 - a name
    READ_REPOSITORY = "READ_REPOSITORY"
    CREATE_REPOSITORY = "CREATE_REPOSITORY"
    UPDATE_REPOSITORY = "UPDATE_REPOSITORY"
    DELETE_REPOSITORY = "DELETE_REPOSITORY"
    DOWNLOAD_REPOSITORY_ARTIFACT = "DOWNLOAD_REPOSITORY_ARTIFACT"
    READ_ROLLOUT = "READ_ROLLOUT"
    CREATE_ROLLOUT = "CREATE_ROLLOUT"
    UPDATE_ROLLOUT = "UPDATE_ROLLOUT"
    HANDLE_ROLLOUT = "HANDLE_ROLLOUT"
    DELETE_ROLLOUT = "DELETE_ROLLOUT"
    APPROVE_ROLLOUT = "APPROVE_ROLLOUT"
    READ_TENANT_CONFIGURATION = "READ_TENANT_CONFIGURATION"
    TENANT_CONFIGURATION = "TENANT_CONFIGURATION"
    READ_GATEWAY_SECURITY_TOKEN = "READ_GATEWAY_SECURITY_TOKEN"  # noqa: S105 - a name


R = Right
PERMISSIONS: dict[Right, str] = {
    R.READ_TARGET: "fleet.view_device",
    R.CREATE_TARGET: "fleet.change_device",
    R.UPDATE_TARGET: "fleet.change_device",
    R.DELETE_TARGET: "fleet.delete_device",
    R.READ_TARGET_SECURITY_TOKEN: "fleet.change_device",
    R.READ_REPOSITORY: "artifacts.view_release",
    R.CREATE_REPOSITORY: "artifacts.add_artifact",
    R.UPDATE_REPOSITORY: "artifacts.change_release",
    R.DELETE_REPOSITORY: "artifacts.delete_release",
    R.DOWNLOAD_REPOSITORY_ARTIFACT: "artifacts.view_artifact",
    R.READ_ROLLOUT: "deployments.view_deployment",
    R.CREATE_ROLLOUT: "deployments.add_deployment",
    R.UPDATE_ROLLOUT: "deployments.change_deployment",
    R.HANDLE_ROLLOUT: "deployments.change_deployment",
    R.DELETE_ROLLOUT: "deployments.change_deployment",
    R.APPROVE_ROLLOUT: "deployments.change_deployment",
    R.READ_TENANT_CONFIGURATION: "fleet.view_organization",
    R.TENANT_CONFIGURATION: "fleet.change_organization",
    R.READ_GATEWAY_SECURITY_TOKEN: "fleet.change_organization",
}


def holds(actor: Actor, right: Right) -> bool:
    """Whether the actor has the right at all, be it within bounds: views keep to those."""
    return actor.may_somewhere(PERMISSIONS[right])
