"""A device introduces itself and asks for a token.

Source: Mender API, Device authentication (device), Authenticate Device.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from api.mender.auth import VIA, organization_of
from api.mender.errors import Refused, Unauthorized
from api.mender.requests import json_object, text_member
from api.mender.tokens import DEVICE_REALM
from fleet import admission, device_tokens, identity, keys
from fleet.addresses import client_address
from fleet.errors import Invalid
from fleet.throttling import throttle_newcomer

TEXT_LENGTH = 64 * 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """Who the device says it is, and by which key."""

    identity: dict[str, Any]
    key: keys.PublicKey
    tier: str
    tenant_token: str


def authenticate(request: HttpRequest) -> HttpResponse:
    """200 with a token if the device is accepted; 401 also stands for "noted, not yet".

    Whatever the Authorization header holds here, it is not a token of ours.
    """
    try:
        claim = _read(json_object(request))
    except Invalid as error:
        raise Invalid(error.code, f"invalid auth request: {error.message}") from error
    _check_signature(request, claim.key)
    throttle_newcomer((claim.key.digest, identity.digest(claim.identity)))
    auth_set = admission.request_authorization(
        organization=organization_of(claim.tenant_token),
        identity=claim.identity,
        public_key=claim.key,
        tier=claim.tier,
        address=client_address(request),
        via=VIA,
    )
    if auth_set is None:
        raise Unauthorized(DEVICE_REALM, "dev auth: unauthorized")
    return HttpResponse(device_tokens.issue(auth_set), content_type="application/jwt")


def _read(body: dict[str, Any]) -> Claim:
    """Raises Invalid for what is missing or unreadable."""
    return Claim(
        identity=identity.parse(text_member(body, "id_data", longest=TEXT_LENGTH, shortest=1)),
        key=keys.normalise(text_member(body, "pubkey", longest=TEXT_LENGTH, shortest=1)),
        tier=text_member(body, "tier", longest=16),
        tenant_token=text_member(body, "tenant_token", longest=TEXT_LENGTH),
    )


def _check_signature(request: HttpRequest, key: keys.PublicKey) -> None:
    """The signature is over the bytes as they came, not over what they mean."""
    signature = request.headers.get("X-MEN-Signature")
    if not signature:
        raise Refused(400, "missing request signature header")
    if not keys.verify(key.pem, signature, request.body):
        raise Unauthorized(DEVICE_REALM, "signature verification failed")
