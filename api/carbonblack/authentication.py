"""Who calls: an API key as `X-AUTH-TOKEN: secret/id`, or a personal access token as a bearer.

Source: Carbon Black, API access guide; the seed, Authentication.
"""

from api.carbonblack.errors import forbidden, unauthorized
from api.credentials import Known, by_api_key, by_token
from api.endpoints import Call
from fleet.addresses import client_address
from fleet.throttling import throttle_user

VIA = "Carbon Black API"


def identify(call: Call, org_key: str) -> None:
    """Set who acts, and where; raises Refused (401, and 403 in another organization), TooMany."""
    known = _known(call)
    if known is None:
        throttle_user(f"stranger {client_address(call)}")
        raise unauthorized()
    call.actor, call.organization = known
    throttle_user(call.actor.id)
    if call.organization.key != org_key:
        # Unknown or somebody else's: the answer is the same.
        raise forbidden("These credentials are of another organization")


def _known(call: Call) -> Known | None:
    token = call.META.get("HTTP_X_AUTH_TOKEN")
    if token is not None:
        # It alone counts, also where it is empty and a bearer came with it.
        secret, _, key_id = _unquoted(token.strip()).rpartition("/")
        return by_api_key(call, key_id, secret, via=VIA)
    scheme, _, rest = call.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return by_token(call, rest.strip(), via=VIA) if scheme.lower() == "bearer" else None


def _unquoted(token: str) -> str:
    """Without the one pair of quotes that the seed's examples have around it."""
    is_quoted = len(token) > 1 and token[0] == token[-1] == '"'
    return token[1:-1] if is_quoted else token
