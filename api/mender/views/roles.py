"""Roles, and the permission sets they are made of.

Source: Mender API, User administration, roles (v2).
"""

from urllib.parse import quote

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.requests import (
    UserRequest,
    created,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.role_names import BUILT_IN
from api.mender.shapes.users import built_in_role_shape, permission_set_shape, role_shape
from fleet import roles
from fleet.errors import Forbidden, Invalid, NotFound
from fleet.models import CustomRole
from fleet.permission_sets import PERMISSION_SETS

LONGEST = 4096


@for_user("fleet.view_customrole")
def list_roles(request: UserRequest) -> HttpResponse:
    """The built-in ones, then the organization's own by name."""
    own = roles.roles_of(request.organization).order_by("name")
    built_in = [built_in_role_shape(role) for role in BUILT_IN.values()]
    return json_response(built_in + [role_shape(role) for role in own])


@for_user("fleet.add_customrole")
def add_role(request: UserRequest) -> HttpResponse:
    body = json_object(request)
    role = roles.add_role(
        actor=request.actor,
        organization=request.organization,
        name=text_member(body, "name", longest=LONGEST),
        description=text_member(body, "description", longest=LONGEST),
        permission_sets=member(body, "permission_sets_with_scope", []),
    )
    return created(f"roles/{quote(role.name)}")


@for_user("fleet.view_customrole")
def show_role(request: UserRequest, role_name: str) -> HttpResponse:
    if role_name in BUILT_IN:
        return json_response(built_in_role_shape(BUILT_IN[role_name]))
    return json_response(role_shape(_own(request, role_name)))


@for_user("fleet.change_customrole")
def change_role(request: UserRequest, role_name: str) -> HttpResponse:
    """A role keeps its name."""
    role, body = _own(request, role_name), json_object(request)
    if member(body, "name") not in (None, role.name):
        raise Invalid("role_name_invalid", "name: a role keeps its name", field="name")
    said = member(body, "description")
    roles.change_role(
        actor=request.actor,
        role=role,
        permission_sets=member(body, "permission_sets_with_scope", []),
        description=None if said is None else text_member(body, "description", longest=LONGEST),
    )
    return no_content()


@for_user("fleet.delete_customrole")
def remove_role(request: UserRequest, role_name: str) -> HttpResponse:
    roles.remove_role(actor=request.actor, role=_own(request, role_name))
    return no_content()


@for_user("fleet.view_customrole")
def list_permission_sets(request: UserRequest) -> HttpResponse:
    return json_response([permission_set_shape(each) for each in PERMISSION_SETS.values()])


@for_user("fleet.view_customrole")
def show_permission_set(request: UserRequest, name: str) -> HttpResponse:
    if name not in PERMISSION_SETS:
        raise NotFound("permission_set_not_found", "permission set not found")
    return json_response(permission_set_shape(PERMISSION_SETS[name]))


def _own(request: UserRequest, name: str) -> CustomRole:
    """Raises NotFound("role_not_found"), Forbidden("role_built_in")."""
    if name in BUILT_IN:
        raise Forbidden("role_built_in", f"{name} is built in: it cannot be changed or removed")
    found = roles.roles_of(request.organization).filter(name=name).first()
    if found is None:
        raise NotFound("role_not_found", "role not found")
    return found
