"""All roles of an organization, built-in ones and its own, and what each comes to."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from fleet.grants import Grants, grants_of_sets
from fleet.models import CustomRole, Membership, Organization, Role
from fleet.permissions import ROLE_PERMISSIONS
from fleet.roles import roles_of


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role with what it allows; `permission_sets` are those an own one is made of."""

    name: str
    description: str
    is_built_in: bool
    permission_sets: list[dict[str, Any]]
    grants: Grants
    member_count: int


def all_roles(organization: Organization) -> list[RoleFacts]:
    """The built-in ones first, then the organization's own by name; three queries."""
    counts = Counter(_held(organization))
    built_in = [
        RoleFacts(
            name=str(role),
            description=role.label,
            is_built_in=True,
            permission_sets=[],
            grants=Grants(ROLE_PERMISSIONS[role]),
            member_count=counts[str(role)],
        )
        for role in Role
    ]
    own = roles_of(organization).order_by("name")
    return built_in + [_own(role, counts[role.name]) for role in own]


def _own(role: CustomRole, count: int) -> RoleFacts:
    return RoleFacts(
        name=role.name,
        description=role.description,
        is_built_in=False,
        permission_sets=role.permission_sets,
        grants=grants_of_sets(role.permission_sets),
        member_count=count,
    )


def _held(organization: Organization) -> list[str]:
    """The name of each role as often as somebody has it; no own one is called as a built-in."""
    members = Membership.objects.of(organization)
    rows = members.values_list("role", "further_roles")
    built_in = [role for first, further in rows for role in (first, *further)]
    own = members.filter(custom_roles__isnull=False).values_list("custom_roles__name", flat=True)
    return [*built_in, *own]
