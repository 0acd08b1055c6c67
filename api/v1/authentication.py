"""Who calls: a person by a personal access token, by a session with its CSRF token, or by password.

Each gives `request.user` and, as `request.auth`, the Caller.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from rest_framework.authentication import (
    BaseAuthentication,
    CSRFCheck,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from auditlog.actor import Actor
from fleet import access_tokens, passwords
from fleet.addresses import client_address
from fleet.grants import has_own_roles
from fleet.middleware import VisitorRequest
from fleet.models import Membership, Organization, User
from fleet.people import actor_of

VIA = "Slipway API"
ORGANIZATION = "Slipway-Organization"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts and in which organization.

    `credential` is what calls are counted by; of a token it is the digest.
    """

    actor: Actor
    organization: Organization
    credential: str


class ByToken(BaseAuthentication):
    """`Authorization: Bearer …`: a personal access token, or that of a session."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        text = _sent(request, b"bearer")
        if text is None:
            return None
        actor = access_tokens.authenticate(text, address=client_address(request), via=VIA)
        if actor is None or actor.organization_id is None:
            raise AuthenticationFailed("The token is not known, has expired or was revoked.")
        organization = Organization.objects.get(pk=actor.organization_id)
        chosen = request.headers.get(ORGANIZATION)
        if chosen not in {None, organization.key}:
            raise _mismatch("The token is for another organization.")
        return _known(Caller(actor, organization, access_tokens.digest_of(text)))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Slipway"'


class ByPassword(BaseAuthentication):
    """`Authorization: Basic …` with an e-mail address and a password, where that is enabled."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        text = _sent(request, b"basic")
        if text is None:
            return None
        if not settings.BASIC_AUTH:
            text = "This server takes no passwords with a call. Use a personal access token."
            raise AuthenticationFailed(text, code="basic_disabled")
        email, password = _credentials(text)
        address = client_address(request)
        try:
            user = passwords.verified(email, password, address=address)
        except passwords.TokenNeeded as error:
            raise AuthenticationFailed(error.message, code=error.code) from error
        if user is None:
            raise AuthenticationFailed("The e-mail address or the password is wrong.")
        membership = _membership(user, request.headers.get(ORGANIZATION))
        actor = actor_of(membership, address=address, via=VIA)
        return _known(Caller(actor, membership.organization, f"user {user.pk}"))


class BySession(BaseAuthentication):
    """The session of the dashboard; what changes something carries its CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        visitor = cast("VisitorRequest", request._request)
        if visitor.actor is None or visitor.membership is None:
            return None
        _require_csrf_token(visitor)
        actor, membership = visitor.actor, visitor.membership
        chosen = request.headers.get(ORGANIZATION)
        if chosen not in {None, membership.organization.key}:
            membership = _membership(membership.user, chosen)
            actor = actor_of(membership, address=actor.address, via=actor.via)
        credential = f"session {visitor.session.session_key}"
        return _known(Caller(actor, membership.organization, credential))


def _sent(request: Request, scheme: bytes) -> str | None:
    """What `Authorization` carries, if it is of that scheme."""
    named, _, rest = get_authorization_header(request).partition(b" ")
    return rest.strip().decode("latin-1") if named.lower() == scheme else None


def _credentials(text: str) -> tuple[str, str]:
    try:
        email, separator, password = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        separator = ""
    if not separator or "\0" in email:
        raise AuthenticationFailed("The header Authorization cannot be read.")
    return email, password


def _membership(user: User, key: str | None) -> Membership:
    """In the organization of that key, else in the one joined first."""
    rows = user.memberships.select_related("organization", "user").annotate(has_own=has_own_roles())
    if key is not None:
        rows = rows.filter(organization__key=key)
    found = rows.order_by("created_at").first()
    if found is None:
        raise _mismatch("You are no member of this organization.")
    return found


def _mismatch(why: str) -> PermissionDenied:
    return PermissionDenied(why, code="organization_mismatch")


def _require_csrf_token(request: VisitorRequest) -> None:
    check = CSRFCheck(lambda _request: HttpResponse())
    check.process_request(request)
    if reason := check.process_view(request, HttpResponse, (), {}):
        raise PermissionDenied(f"{reason}", code="csrf_failed")


def _known(caller: Caller) -> tuple[User, Caller]:
    return User(id=caller.actor.id, email=caller.actor.name), caller
