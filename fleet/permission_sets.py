"""The building blocks of an organization's own roles: what each allows, and what may bound it.

Source: Mender API, User administration, permission sets.
"""

from dataclasses import dataclass
from typing import Any

from fleet.errors import Invalid
from fleet.permissions import ADMINISTRATOR

GROUPS = "DeviceGroups"
TAGS = "ReleaseTags"
MOST_SETS = 15
MOST_NAMES = 100
NAME_LENGTH = 256


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """`scope` is the kind of names that may bound it: GROUPS, TAGS or none."""

    name: str
    description: str
    permissions: frozenset[str]
    scope: str = ""


_READ_DEVICES = frozenset(
    {"fleet.view_alert", "fleet.view_configuration", "fleet.view_device", "fleet.view_savedfilter"}
)
_READ_RELEASES = frozenset({"artifacts.view_artifact", "artifacts.view_release"})
_READ_USERS = frozenset({"fleet.view_customrole", "fleet.view_user"})
_READ_TENANTS = frozenset({"fleet.view_organization"})

PERMISSION_SETS = {
    each.name: each
    for each in (
        PermissionSet("Basic", "Sign in and keep one's own account.", frozenset()),
        PermissionSet("ReadDevices", "See devices.", _READ_DEVICES, GROUPS),
        PermissionSet(
            "ManageDevices",
            "Accept, reject, group and decommission devices.",
            _READ_DEVICES
            | {
                "fleet.add_savedfilter",
                "fleet.change_device",
                "fleet.change_savedfilter",
                "fleet.delete_device",
                "fleet.delete_savedfilter",
            },
            GROUPS,
        ),
        PermissionSet(
            "DeployToDevices",
            "Create and abort deployments.",
            frozenset(
                {
                    "deployments.add_deployment",
                    "deployments.change_deployment",
                    "deployments.view_deployment",
                    "fleet.view_device",
                }
            ),
            GROUPS,
        ),
        PermissionSet(
            "ConfigureDevices",
            "Set and deploy the configuration of devices.",
            frozenset(
                {"fleet.change_configuration", "fleet.view_configuration", "fleet.view_device"}
            ),
            GROUPS,
        ),
        PermissionSet(
            "ConnectToDevices",
            "Open terminals on devices and exchange files with them.",
            frozenset({"fleet.connect_device", "fleet.view_device"}),
            GROUPS,
        ),
        PermissionSet("ReadReleases", "See releases and artifacts.", _READ_RELEASES, TAGS),
        PermissionSet(
            "ManageReleases",
            "Upload, describe, tag and delete releases and artifacts.",
            _READ_RELEASES
            | {
                "artifacts.add_artifact",
                "artifacts.change_artifact",
                "artifacts.change_release",
                "artifacts.delete_artifact",
                "artifacts.delete_release",
            },
            TAGS,
        ),
        PermissionSet(
            "UploadArtifacts", "Upload artifacts.", frozenset({"artifacts.add_artifact"})
        ),
        PermissionSet("ReadUsers", "See people and roles.", _READ_USERS),
        PermissionSet(
            "ManageUsers",
            "Add, change and remove people who may do no more than oneself.",
            _READ_USERS | {"fleet.add_user", "fleet.change_user", "fleet.delete_user"},
        ),
        PermissionSet(
            "ReadAuditLogs", "Read the audit log.", frozenset({"auditlog.view_auditentry"})
        ),
        PermissionSet(
            "ManageTokens",
            "Make personal access tokens of one's own.",
            frozenset({"fleet.add_accesstoken"}),
        ),
        PermissionSet("ReadTenants", "See the organization and its limits.", _READ_TENANTS),
        PermissionSet(
            "ManageTenants",
            "Change the settings of the organization.",
            _READ_TENANTS | {"fleet.change_organization"},
        ),
        PermissionSet("SuperUser", "Everything in the organization.", ADMINISTRATOR),
    )
}


def read_sets(given: object) -> list[dict[str, Any]]:
    """A role's list of `{name, scope?}` as it is kept; raises Invalid("permission_sets_invalid").

    At most 15 sets; a scope is `{type, value: [names]}` with 1 to 100 names.
    """
    if not isinstance(given, list) or len(given) > MOST_SETS:
        raise _invalid(f"must be a list of at most {MOST_SETS} permission sets")
    return [_read_set(item) for item in given]


def _read_set(item: object) -> dict[str, Any]:
    name = item.get("name") if isinstance(item, dict) else None
    known = PERMISSION_SETS.get(name) if isinstance(name, str) else None
    if known is None or not isinstance(item, dict):
        raise _invalid(f"there is no permission set {str(name)[:64]}")
    scope = item.get("scope")
    if scope is None:
        return {"name": known.name}
    if not isinstance(scope, dict) or not known.scope or scope.get("type") != known.scope:
        raise _invalid(f"{known.name} cannot have this scope")
    return {"name": known.name, "scope": {"type": known.scope, "value": _names(scope)}}


def _names(scope: dict[str, Any]) -> list[str]:
    value = scope.get("value")
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_NAMES:
        raise _invalid(f"the value of a scope is a list of 1 to {MOST_NAMES} names")
    if not all(isinstance(name, str) and name.strip() for name in value):
        raise _invalid(f"the value of a scope is a list of 1 to {MOST_NAMES} names")
    if any(len(name) > NAME_LENGTH for name in value):
        raise _invalid(f"a name in a scope has at most {NAME_LENGTH} characters")
    return list(dict.fromkeys(value))


def _invalid(why: str) -> Invalid:
    text = f"permission_sets_with_scope: {why}"
    return Invalid("permission_sets_invalid", text, field="permission_sets_with_scope")
