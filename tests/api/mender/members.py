"""People with roles of the organization's own, who call."""

from typing import Any

from fleet import access_tokens
from fleet.models import CustomRole, Organization, Role, User
from tests.api.mender.callers import Person
from tests.make import PASSWORD, make_user

USERADM = "v1/useradm"
USERS = f"{USERADM}/users"
ROLES = "v2/useradm/roles"


def within(*names: str, group: str = "", tag: str = "") -> list[dict[str, Any]]:
    """Permission sets, all within a group or a tag if one is given."""
    kind, value = ("DeviceGroups", group) if group else ("ReleaseTags", tag)
    scope = {"scope": {"type": kind, "value": [value]}} if value else {}
    return [{"name": name, **scope} for name in names]


def make_role(organization: Organization, *sets: dict[str, Any], name: str = "") -> CustomRole:
    name = name or f"role {CustomRole.objects.count()}"
    return CustomRole.objects.create(
        organization=organization, name=name, permission_sets=list(sets)
    )


def member(
    organization: Organization, *roles: CustomRole, role: Role | str = "", **facts: Any
) -> Person:
    """A member with these roles, signed in."""
    user = make_user(organization=organization, role=role, **facts)
    user.memberships.get().custom_roles.set(roles)
    return person_of(user, organization)


def person_of(user: User, organization: Organization) -> Person:
    token = access_tokens.sign_in(email=user.email, password=PASSWORD)
    assert token
    return Person(token=token, organization=organization)


def id_of(caller: Person) -> str:
    return str(caller.get(f"{USERS}/me").json()["id"])
