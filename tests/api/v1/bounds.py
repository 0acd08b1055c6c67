"""Callers whose role holds for some groups or release tags only."""

from typing import Any

from fleet.models import CustomRole, Membership, Organization
from tests.api.v1.callers import Caller
from tests.make import make_user


def bounded(organization: Organization, name: str, kind: str, *names: str) -> Caller:
    """Somebody new with the permission set `name`, bound to `names` of "DeviceGroups", say."""
    scope: dict[str, Any] = {"type": kind, "value": list(names)}
    role = CustomRole.objects.create(
        organization=organization,
        name=f"{name} in {'+'.join(names)}",
        permission_sets=[{"name": name, "scope": scope}, {"name": "ManageTokens"}],
    )
    user = make_user(organization=organization, role="")
    user.memberships.get().custom_roles.add(role)
    return Caller(Membership.objects.select_related("user", "organization").get(user=user))
