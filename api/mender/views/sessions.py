"""Signing in and out.

Source: the user administration service of the Mender server, which its API text presumes.
"""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse

from api.json_bodies import member
from api.mender.auth import VIA, for_user, token_of
from api.mender.errors import Unauthorized
from api.mender.requests import UserRequest, json_object
from api.mender.tokens import USER_REALM
from fleet import access_tokens
from fleet.addresses import client_address
from fleet.throttling import throttle_sign_in
from fleet.two_factor import CodeNeeded


def log_in(request: HttpRequest) -> HttpResponse:
    """Basic credentials in, a token of a week out.

    The body may be JSON: `token2fa` for the second factor, `no_expiry` for a session that lasts.
    """
    body: dict[str, Any] = json_object(request) if request.body else {}
    email, password = _credentials(request)
    throttle_sign_in(email, client_address(request))
    code = member(body, "token2fa")
    try:
        token = access_tokens.sign_in(
            email=email,
            password=password,
            code=code if isinstance(code, str) else "",
            lasting=member(body, "no_expiry") is True,
            address=client_address(request),
            via=VIA,
        )
    except CodeNeeded as needed:
        raise Unauthorized(USER_REALM, needed.message) from needed
    if token is None:
        raise Unauthorized(USER_REALM)
    return HttpResponse(token, content_type="application/jwt")


@for_user()
def log_out(request: UserRequest) -> HttpResponse:
    access_tokens.sign_out(token_of(request), address=request.actor.address, via=VIA)
    return HttpResponse(status=202)


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
