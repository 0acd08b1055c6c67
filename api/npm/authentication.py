"""Who calls: HTTP Basic with an e-mail address and a password or a personal access token, or with
the id and the secret of an API key."""

from api.credentials import Known, basic_pair, by_api_key, by_basic
from api.endpoints import Call
from api.npm.errors import unauthorized
from fleet import api_keys
from fleet.addresses import client_address
from fleet.throttling import throttle_user

VIA = "NPM API"


def identify(call: Call) -> None:
    """Set who acts, and where; raises Refused (401), TooMany."""
    header = call.META.get("HTTP_AUTHORIZATION", "").strip()
    scheme, _, text = header.partition(" ")
    known = _known(call, text.strip()) if scheme.lower() == "basic" else None
    if known is None:
        throttle_user(f"stranger {client_address(call)}")
        if not header:
            raise unauthorized("AUTH_REQUIRED", "This needs credentials.")
        if _was_revoked(text.strip()):
            raise unauthorized("AUTH_EXPIRED_TOKEN", "The API key has been revoked.")
        raise unauthorized("AUTH_INVALID_CREDENTIALS", "Nobody is known by these credentials.")
    call.actor, call.organization = known
    throttle_user(call.actor.id)


def _known(call: Call, text: str) -> Known | None:
    pair = basic_pair(text)
    if pair is None:
        return None
    return by_api_key(call, *pair, via=VIA) or by_basic(call, text, via=VIA)


def _was_revoked(text: str) -> bool:
    pair = basic_pair(text)
    return pair is not None and api_keys.was_revoked(*pair)
