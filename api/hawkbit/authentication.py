"""Who calls: HTTP Basic with an e-mail address, which may have the tenant in front, and a
password or a personal access token; or such a token as a bearer."""

from api.credentials import by_basic, by_token
from api.hawkbit.errors import Failure, Refused
from api.hawkbit.requests import Call
from fleet.addresses import client_address
from fleet.throttling import throttle_user

VIA = "hawkBit API"
REALM = 'Basic realm="hawkBit"'


def identify(request: Call) -> None:
    """Set who acts, and where; raises Refused (401) and TooMany."""
    scheme, _, rest = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    match scheme.lower():
        case "basic":
            known = by_basic(request, rest.strip(), via=VIA)
        case "bearer":
            known = by_token(request, rest.strip(), via=VIA)
        case _:
            known = None
    if known is None:
        throttle_user(f"stranger {client_address(request)}")
        raise Refused(Failure(401, headers={"WWW-Authenticate": REALM}))
    request.actor, request.organization = known
    throttle_user(request.actor.id)
