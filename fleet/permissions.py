"""What each role may do, as Django permissions."""

from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from auditlog.actor import Actor, ActorKind
from fleet.errors import Forbidden
from fleet.models import Membership, Role, User

_VIEW = frozenset(
    {
        "artifacts.view_artifact",
        "artifacts.view_release",
        "auditlog.view_auditentry",
        "deployments.view_deployment",
        "fleet.view_alert",
        "fleet.view_configuration",
        "fleet.view_customrole",
        "fleet.view_device",
        "fleet.view_organization",
        "fleet.view_savedfilter",
        "fleet.view_user",
    }
)
# One's own personal tokens: every built-in role has it.
_TOKENS = frozenset({"fleet.add_accesstoken"})
_DEPLOY = frozenset({"deployments.add_deployment", "deployments.change_deployment"})
_OPERATE = frozenset(
    {
        "fleet.add_savedfilter",
        "fleet.change_configuration",
        "fleet.change_device",
        "fleet.change_savedfilter",
        "fleet.connect_device",
        "fleet.delete_device",
        "fleet.delete_savedfilter",
    }
)
_RELEASE = frozenset(
    {
        "artifacts.add_artifact",
        "artifacts.change_artifact",
        "artifacts.change_release",
        "artifacts.delete_artifact",
        "artifacts.delete_release",
    }
)
_ADMINISTER = frozenset(
    {
        "fleet.add_customrole",
        "fleet.add_user",
        "fleet.change_customrole",
        "fleet.change_organization",
        "fleet.change_user",
        "fleet.delete_customrole",
        "fleet.delete_user",
        "webhooks.add_webhook",
        "webhooks.change_webhook",
        "webhooks.delete_webhook",
        # The addresses of many receivers are secrets: seeing them is for administrators too.
        "webhooks.view_webhook",
    }
)
# What the admin shows beside its things; no operation asks for these.
_INSPECT = frozenset(
    {
        "artifacts.view_fit",
        "artifacts.view_modulefile",
        "artifacts.view_moduletype",
        "artifacts.view_pendingupload",
        "artifacts.view_releasetag",
        "artifacts.view_releasetype",
        "artifacts.view_softwaremodule",
        "deployments.view_deploymentlog",
        "deployments.view_devicedeployment",
        "deployments.view_phase",
        "deployments.view_statusevent",
        "fleet.add_membership",
        "fleet.change_membership",
        "fleet.delete_accesstoken",
        "fleet.delete_membership",
        "fleet.view_accesstoken",
        "fleet.view_authset",
        "fleet.view_contact",
        "fleet.view_inventory",
        "fleet.view_membership",
        "fleet.view_monitorconfiguration",
        "jobs.view_job",
        "webhooks.view_attempt",
        "webhooks.view_delivery",
        "webhooks.view_event",
    }
)
ADMINISTRATOR = _VIEW | _TOKENS | _DEPLOY | _OPERATE | _RELEASE | _ADMINISTER | _INSPECT

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.VIEWER: _VIEW | _TOKENS,
    Role.OPERATOR: _VIEW | _TOKENS | _OPERATE | _DEPLOY,
    Role.RELEASE_MANAGER: _VIEW | _TOKENS | _RELEASE | _DEPLOY,
    Role.ADMINISTRATOR: ADMINISTRATOR,
    Role.CI: frozenset({"artifacts.view_artifact", "artifacts.view_release"}) | _TOKENS | _RELEASE,
    Role.DEPLOYMENTS_MANAGER: frozenset(
        {"artifacts.view_release", "deployments.view_deployment", "fleet.view_device"}
    )
    | _TOKENS
    | _DEPLOY,
    Role.REMOTE_TERMINAL: frozenset({"fleet.connect_device", "fleet.view_device"}) | _TOKENS,
}
SUPERUSER = ADMINISTRATOR | {"fleet.add_organization", "fleet.delete_organization"}


def built_in_of(membership: Membership) -> list[Role]:
    """The built-in roles held, the first of them first."""
    return [Role(role) for role in (membership.role, *membership.further_roles) if role]


def holds(actor: Actor, permission: str) -> bool:
    """Whether the actor may, without bounds; Slipway itself always may."""
    return actor.kind == ActorKind.SYSTEM or actor.may(permission)


def require(actor: Actor, permission: str) -> None:
    """Raise Forbidden("forbidden") unless the actor may without bounds."""
    if not holds(actor, permission):
        raise lacking(actor, permission)


def require_somewhere(actor: Actor, permission: str) -> None:
    """Raise Forbidden("forbidden") unless the actor may at least within bounds."""
    if not (holds(actor, permission) or actor.may_somewhere(permission)):
        raise lacking(actor, permission)


def lacking(actor: Actor, permission: str) -> Forbidden:
    return Forbidden("forbidden", f"{actor.name or 'This caller'} lacks {permission}.")


class RoleBackend(ModelBackend):
    """Django's own sign-in, by e-mail whatever its case, with the permissions of the roles held.

    The permissions are those of any organization: they open the admin, which narrows its rows
    to the organizations a person administers.
    """

    def get_group_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        held = super().get_group_permissions(user_obj, obj)
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return held
        rows = user_obj.memberships.values_list("role", "further_roles")
        roles = {role for first, more in rows for role in (first, *more) if role}
        return held.union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))


def sync_groups(*, using: str, apps: Apps = installed_apps, **_: Any) -> None:
    """Keep a Django group for each role, so that the admin shows what a role may do."""
    try:
        group_model, permission_model = (
            apps.get_model("auth", "Group"),
            apps.get_model("auth", "Permission"),
        )
    except LookupError:
        return
    rows = permission_model.objects.using(using).values_list(
        "pk", "content_type__app_label", "codename"
    )
    numbers = {f"{app}.{codename}": pk for pk, app, codename in rows}
    for role, permissions in ROLE_PERMISSIONS.items():
        group, _made = group_model.objects.using(using).get_or_create(name=role.label)
        group.permissions.set(numbers[name] for name in permissions if name in numbers)
