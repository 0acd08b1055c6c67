"""Personal access tokens of whoever asks.

Source: the user administration service of the Mender server, which its API text presumes.
"""

from datetime import timedelta

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.ids import uuid_of
from api.mender.requests import (
    UserRequest,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.shapes.users import token_shape
from fleet import access_tokens
from fleet.errors import Invalid
from fleet.people import membership_of

YEAR = 31_536_000


@for_user()
def list_tokens(request: UserRequest) -> HttpResponse:
    tokens = access_tokens.personal_tokens(membership_of(request.actor))
    return json_response([token_shape(token) for token in tokens])


@for_user("fleet.add_accesstoken")
def issue_token(request: UserRequest) -> HttpResponse:
    """The token as text, this once; `expires_in` is in seconds, 0 for never."""
    body = json_object(request)
    token = access_tokens.issue_personal(
        actor=request.actor,
        membership=membership_of(request.actor),
        name=text_member(body, "name", longest=128),
        expires_in=_lifetime(member(body, "expires_in")),
    )
    return HttpResponse(token, content_type="application/jwt")


@for_user()
def revoke_token(request: UserRequest, token_id: str) -> HttpResponse:
    access_tokens.revoke_personal(
        actor=request.actor,
        membership=membership_of(request.actor),
        token_id=uuid_of(token_id),
    )
    return no_content()


def _lifetime(seconds: object) -> timedelta | None:
    if seconds is None:
        return None
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds <= YEAR:
        raise Invalid("expiry_invalid", "expires_in: must be between 0 and 31536000")
    return timedelta(seconds=seconds) if seconds else None
