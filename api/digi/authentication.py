"""Who calls: HTTP Basic with an e-mail address and a password or personal access token, or with
the id and the secret of an API key; or these two in headers of their own.

Source: Digi Remote Manager, Authentication.
"""

from api.credentials import Known, basic_pair, by_api_key, by_basic
from api.digi.errors import REALM, Refused
from api.endpoints import Call
from fleet.addresses import client_address
from fleet.throttling import throttle_user

VIA = "Digi API"


def identify(call: Call) -> None:
    """Set who acts, and where; raises Refused (401) and TooMany."""
    known = _known(call)
    if known is None:
        throttle_user(f"stranger {client_address(call)}")
        message = "Credentials are needed: a user name and password, or an API key"
        raise Refused(401, message, WWW_Authenticate=REALM)
    call.actor, call.organization = known
    throttle_user(call.actor.id)


def _known(call: Call) -> Known | None:
    if key_id := call.META.get("HTTP_X_API_KEY_ID"):
        return by_api_key(call, key_id, call.META.get("HTTP_X_API_KEY_SECRET", ""), via=VIA)
    scheme, _, rest = call.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    text = rest.strip()
    pair = basic_pair(text)
    if pair is not None and "@" not in pair[0]:
        return by_api_key(call, *pair, via=VIA)
    return by_basic(call, text, via=VIA)
