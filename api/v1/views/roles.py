"""Roles, and the permission sets that an organization's own are made of."""

from typing import Any
from urllib.parse import quote

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, read
from api.v1.endpoints import Endpoint, Need
from api.v1.fields import named
from api.v1.short_lists import ShortCollection, Thing, the
from fleet import permission_sets, roles
from fleet.errors import Forbidden, NotFound
from fleet.listing.few import PERMISSION_SETS, ROLES
from fleet.models import CustomRole, Role
from fleet.role_facts import RoleFacts, all_roles

VIEW = Need("fleet.view_customrole")


class RoleChange(Body):
    """Each permission set is `{"name", "scope"?: {"type", "value": [names]}}`."""

    description = serializers.CharField(required=False, allow_blank=True)
    permission_sets = serializers.ListField(child=serializers.DictField(), required=False)


class NewRole(RoleChange):
    name = serializers.CharField(trim_whitespace=False)


class RoleCollection(ShortCollection):
    """The built-in ones, then the organization's own by name."""

    listing = ROLES
    needs = {"GET": VIEW, "POST": Need("fleet.add_customrole")}

    def things(self) -> list[Thing]:
        return [_told(role) for role in all_roles(self.organization)]

    def post(self, request: Request) -> Response:
        """Make a role that allows no more than its maker may."""
        body = read(NewRole, request)
        with named(permission_sets_with_scope="permission_sets"):
            role = roles.add_role(
                actor=self.actor,
                organization=self.organization,
                name=body["name"],
                description=body.get("description", ""),
                permission_sets=body.get("permission_sets", []),
            )
        headers = {"Location": f"/api/v1/roles/{quote(role.name)}"}
        return Response(the(self.things(), role.name), 201, headers=headers)


class RoleItem(RoleCollection):
    """One role, by its name, which it keeps."""

    needs = {
        "GET": VIEW,
        "PATCH": Need("fleet.change_customrole"),
        "DELETE": Need("fleet.delete_customrole"),
    }
    get_renderers = Endpoint.get_renderers

    def get(self, request: Request, **names: Any) -> Response:
        return Response(the(self.things(), names["name"]))

    def patch(self, request: Request, name: str) -> Response:
        """Change what it is made of; takes effect at once for everybody who has it."""
        body, role = read(RoleChange, request, partial=True), self._own(name)
        with named(permission_sets_with_scope="permission_sets"):
            roles.change_role(
                actor=self.actor,
                role=role,
                permission_sets=body.get("permission_sets", role.permission_sets),
                description=body.get("description"),
            )
        return Response(the(self.things(), name))

    def delete(self, request: Request, name: str) -> Response:
        """Remove a role that nobody has."""
        roles.remove_role(actor=self.actor, role=self._own(name))
        return Response(status=204)

    def _own(self, name: str) -> CustomRole:
        if name in Role.values:
            text = f"{name} is built in: it cannot be changed or removed"
            raise Forbidden("role_built_in", text)
        found = roles.roles_of(self.organization).filter(name=name).first()
        if found is None:
            raise NotFound("role_not_found", "role not found")
        return found


class PermissionSetCollection(ShortCollection):
    """What roles are made of; the same for every organization."""

    listing = PERMISSION_SETS
    needs = {"GET": VIEW}

    def things(self) -> list[Thing]:
        return [
            {
                "name": each.name,
                "description": each.description,
                "scope": each.scope,
                "permissions": sorted(each.permissions),
            }
            for each in permission_sets.PERMISSION_SETS.values()
        ]


def _told(role: RoleFacts) -> Thing:
    scoped = {name: sorted(names) for name, names in sorted(role.grants.scoped.items())}
    return {
        "name": role.name,
        "description": role.description,
        "is_built_in": role.is_built_in,
        "permission_sets": role.permission_sets,
        "permissions": sorted(role.grants.permissions),
        "permissions_within": scoped,
        "member_count": role.member_count,
    }
