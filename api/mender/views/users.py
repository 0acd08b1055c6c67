"""The people of an organization.

Source: the user administration service of the Mender server, which its API text presumes.
"""

from typing import Any

from django.http import HttpResponse, QueryDict

from api.json_bodies import member
from api.mender.auth import for_user, token_of
from api.mender.errors import Refused
from api.mender.ids import uuid_of
from api.mender.requests import (
    UserRequest,
    created,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.role_names import Roles, read_roles
from api.mender.shapes.users import user_shape
from api.mender.times import read_unix
from api.paging import add_page_headers, read_page
from fleet import people
from fleet.access_tokens import digest_of
from fleet.errors import NotFound
from fleet.models import Membership, Role
from fleet.models.organization import MembershipQuerySet

ME = "me"
LONGEST = 4096
MOMENTS = {
    "created_after": "user__created_at__gte",
    "created_before": "user__created_at__lte",
    "updated_after": "user__updated_at__gte",
    "updated_before": "user__updated_at__lte",
}


@for_user("fleet.view_user")
def list_users(request: UserRequest) -> HttpResponse:
    page = read_page(request.GET)
    members = _matching(request.GET, _members(request))
    found, has_more = page.of(members.order_by("user__created_at", "user_id"))
    response = json_response([user_shape(membership) for membership in found])
    return add_page_headers(response, request, page, has_more=has_more)


@for_user("fleet.add_user")
def add_user(request: UserRequest) -> HttpResponse:
    """Without `roles` an administrator, as in Mender; with none of them nothing but an account."""
    body = json_object(request)
    roles = _roles(request, body) or Roles([Role.ADMINISTRATOR], [])
    membership = people.add_member(
        actor=request.actor,
        organization=request.organization,
        email=text_member(body, "email", longest=LONGEST),
        password=text_member(body, "password", longest=LONGEST) or None,
        further_roles=roles.built_in,
        own_roles=roles.own,
    )
    return created(f"users/{membership.user_id}")


@for_user()
def show_me(request: UserRequest) -> HttpResponse:
    return json_response(user_shape(member_of(request, ME)))


@for_user("fleet.view_user")
def show_user(request: UserRequest, user_id: str) -> HttpResponse:
    return json_response(user_shape(member_of(request, user_id)))


@for_user()
def change_user(request: UserRequest, user_id: str = ME) -> HttpResponse:
    """One's own e-mail and password take `current_password`; roles take the permission."""
    require_own_or(request, user_id, "fleet.change_user")
    membership, body = member_of(request, user_id), json_object(request)
    roles = _roles(request, body)
    people.change_member(
        actor=request.actor,
        membership=membership,
        email=text_member(body, "email", longest=LONGEST) or None,
        password=text_member(body, "password", longest=LONGEST) or None,
        current_password=text_member(body, "current_password", longest=LONGEST),
        roles=(roles.built_in, roles.own) if roles else None,
        keep=digest_of(token_of(request)),
    )
    return no_content()


@for_user("fleet.delete_user")
def remove_user(request: UserRequest, user_id: str = ME) -> HttpResponse:
    people.remove_member(actor=request.actor, membership=member_of(request, user_id))
    return no_content()


def member_of(request: UserRequest, user_id: str) -> Membership:
    """The member of that id or "me"; raises NotFound("user_not_found")."""
    wanted = uuid_of(request.actor.id if user_id == ME else user_id)
    found = _members(request).filter(user_id=wanted).first()
    if found is None:
        raise NotFound("user_not_found", "user not found")
    return found


def require_own_or(request: UserRequest, user_id: str, permission: str) -> None:
    """Raise Refused unless it is about oneself or the caller has the permission."""
    if user_id not in {ME, request.actor.id} and not request.actor.may(permission):
        raise Refused(403, "forbidden")


def _members(request: UserRequest) -> MembershipQuerySet:
    members = Membership.objects.of(request.organization)
    return members.select_related("user", "organization").prefetch_related("custom_roles")


def _matching(query: QueryDict, members: MembershipQuerySet) -> MembershipQuerySet:
    """By ids, by e-mails in any case, by when they came or were changed, in Unix seconds."""
    if ids := query.getlist("id"):
        members = members.filter(user_id__in=[uuid_of(text) for text in ids])
    if emails := query.getlist("email"):
        members = members.filter(user__email__in=[email.lower() for email in emails])
    for name, lookup in MOMENTS.items():
        if text := query.get(name):
            members = members.filter(**{lookup: read_unix(text, name)})
    return members


def _roles(request: UserRequest, body: dict[str, Any]) -> Roles | None:
    """None if the body does not speak of roles."""
    names = member(body, "roles")
    return None if names is None else read_roles(request.organization, names)
