"""Who calls: a person by a personal access token, by a session with its CSRF token, or by password.

Each gives `request.user` and, as `request.auth`, the Caller.
"""

from dataclasses import dataclass
from typing import cast

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from auditlog.actor import Actor
from fleet import access_tokens
from fleet.addresses import client_address
from fleet.middleware import VisitorRequest
from fleet.models import Organization, User

VIA = "Slipway API"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts and in which organization; `credential` is what calls are counted by."""

    actor: Actor
    organization: Organization
    credential: str


class ByToken(BaseAuthentication):
    """`Authorization: Bearer …`: a personal access token, or that of a session."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        scheme, _, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        text = token.strip().decode("latin-1")
        actor = access_tokens.authenticate(text, address=client_address(request), via=VIA)
        if actor is None or actor.organization_id is None:
            raise AuthenticationFailed("The token is not known, has expired or was revoked.")
        return _known(actor, credential=access_tokens.digest_of(text))

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Slipway"'


class BySession(SessionAuthentication):
    """The session of the dashboard; what changes something carries its CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        visitor = cast("VisitorRequest", request._request)
        if visitor.actor is None or visitor.membership is None:
            return None
        self.enforce_csrf(request)
        return _known(visitor.actor, credential=f"session {visitor.session.session_key}")


def _known(actor: Actor, *, credential: str) -> tuple[User, Caller]:
    assert actor.organization_id is not None  # noqa: S101 - both ways in have seen to that
    organization = Organization.objects.get(pk=actor.organization_id)
    user = User(id=actor.id, email=actor.name)
    return user, Caller(actor, organization, credential)
