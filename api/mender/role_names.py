"""Mender's names of the built-in roles; the organization's own have the names they were given.

Two built-in roles have no like in Mender and keep their own names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.errors import Invalid
from fleet.models import CustomRole, Organization, Role
from fleet.roles import roles_of

NAMES = {
    Role.ADMINISTRATOR: "RBAC_ROLE_PERMIT_ALL",
    Role.VIEWER: "RBAC_ROLE_OBSERVER",
    Role.CI: "RBAC_ROLE_CI",
    Role.DEPLOYMENTS_MANAGER: "RBAC_ROLE_DEPLOYMENTS_MANAGER",
    Role.REMOTE_TERMINAL: "RBAC_ROLE_REMOTE_TERMINAL",
    Role.OPERATOR: "operator",
    Role.RELEASE_MANAGER: "release_manager",
}
BUILT_IN = {name: role for role, name in NAMES.items()}
MOST = 100


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles by their names: built-in ones, and the organization's own."""

    built_in: list[Role]
    own: list[CustomRole]


def read_roles(organization: Organization, names: object) -> Roles:
    """A list of up to 100 names; raises Invalid("role_unknown")."""
    if not isinstance(names, list) or len(names) > MOST:
        raise _invalid("must be a list of names")
    if not all(isinstance(name, str) for name in names):
        raise _invalid("must be a list of names")
    wanted = [name for name in names if name not in BUILT_IN]
    own = list(roles_of(organization).filter(name__in=wanted))
    if missing := set(wanted) - {role.name for role in own}:
        raise _invalid(f"there is no role {min(missing)[:128]}")
    return Roles([BUILT_IN[name] for name in names if name in BUILT_IN], own)


def names_of(built_in: Iterable[Role], own: Iterable[CustomRole]) -> list[str]:
    return [*(NAMES[role] for role in built_in), *sorted(role.name for role in own)]


def _invalid(why: str) -> Invalid:
    return Invalid("role_unknown", f"roles: {why}", field="roles")
