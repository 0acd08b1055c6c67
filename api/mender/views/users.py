"""Signing in and out, and the people of an organization.

Source: the user administration service of the Mender server, which its API text presumes.
"""

import base64
import binascii

from django.http import HttpRequest, HttpResponse

from api.mender.auth import VIA, for_user, token_of
from api.mender.errors import Unauthorized
from api.mender.ids import uuid_of
from api.mender.requests import UserRequest, json_response
from api.mender.shapes.users import user_shape
from api.mender.tokens import USER_REALM
from api.paging import read_page
from fleet import access_tokens
from fleet.addresses import client_address
from fleet.errors import NotFound
from fleet.models import User


def log_in(request: HttpRequest) -> HttpResponse:
    """Basic credentials in, a token of a week out; nothing in the body matters."""
    email, password = _credentials(request)
    token = access_tokens.sign_in(
        email=email, password=password, address=client_address(request), via=VIA
    )
    if token is None:
        raise Unauthorized(USER_REALM)
    return HttpResponse(token, content_type="application/jwt")


@for_user()
def log_out(request: UserRequest) -> HttpResponse:
    access_tokens.sign_out(token_of(request))
    return HttpResponse(status=202)


@for_user("fleet.view_user")
def list_users(request: UserRequest) -> HttpResponse:
    people = User.objects.filter(memberships__organization=request.organization)
    found, _ = read_page(request.GET).of(people.order_by("created_at", "pk"))
    return json_response([user_shape(user) for user in found])


@for_user()
def show_me(request: UserRequest) -> HttpResponse:
    return json_response(user_shape(User.objects.get(pk=request.actor.id)))


@for_user("fleet.view_user")
def show_user(request: UserRequest, user_id: str) -> HttpResponse:
    people = User.objects.filter(memberships__organization=request.organization)
    found = people.filter(pk=uuid_of(user_id)).first()
    if found is None:
        raise NotFound("user_not_found", "user not found")
    return json_response(user_shape(found))


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        decoded = ""
    email, colon, password = decoded.partition(":")
    if scheme.lower() != "basic" or not colon or "\0" in decoded:
        raise Unauthorized(USER_REALM, "invalid or missing auth header")
    return email, password
