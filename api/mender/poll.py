"""The one question all devices keep asking: is there an update for me?

No request or response object of Django's comes in here: a view and the fast lane both call it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from api.json_bodies import check_media_type, decode, encode, member
from api.mender.errors import Unauthorized
from api.mender.times import stamp
from api.mender.tokens import DEVICE_REALM, MISSING, bearer
from artifacts.links import signed_path
from deployments import offers
from deployments.offers import Offer
from fleet import device_tokens
from fleet.errors import Invalid

LINK_LIFETIME = 24 * 60 * 60
REQUIRED = {"artifact_name": 4096, "device_type": 256}


@dataclass(frozen=True, slots=True)
class Poll:
    """The question as it came: `is_wrapped` in version 2, where the provides are a member.

    `base` gives the address by which the device reaches us; it is asked for offers only.
    """

    authorization: str
    query: str | None
    content_type: str
    body: bytes
    is_wrapped: bool
    base: Callable[[], str]


def answer(poll: Poll) -> bytes | None:
    """The body of an offer, None if there is nothing for the device.

    Raises Unauthorized, WrongMediaType and the errors of the domain.
    """
    token = bearer(poll.authorization)
    claims = device_tokens.read(token) if token else None
    if claims is None:
        raise Unauthorized(DEVICE_REALM, "unauthorized" if token else MISSING)
    try:
        offer = offers.poll(claims, provides_of(poll))
    except offers.Unauthorized as error:
        raise Unauthorized(DEVICE_REALM) from error
    return None if offer is None else encode(_instructions(offer, poll.base()))


def provides_of(poll: Poll) -> dict[str, str]:
    """What the device says it has; raises Invalid("invalid_provides")."""
    if poll.query is not None:
        provides: Any = dict(parse_qsl(poll.query, keep_blank_values=True, errors="replace"))
    else:
        check_media_type(poll.content_type, poll.body)
        provides = decode(poll.body)
        if poll.is_wrapped and isinstance(provides, dict):
            provides = member(provides, "device_provides")
    if not isinstance(provides, dict):
        raise _invalid("device_provides: must be an object")
    for name, longest in REQUIRED.items():
        if not provides.get(name) or len(str(provides[name])) > longest:
            raise _invalid(f"{name}: cannot be blank or longer than {longest}")
    if not all(isinstance(value, str) and "\0" not in value for value in provides.values()):
        raise _invalid("device_provides: each value must be a text")
    return provides


def _instructions(offer: Offer, base: str) -> dict[str, Any]:
    expires = int(time.time()) + LINK_LIFETIME
    path = signed_path(offer.artifact_id, f"{offer.artifact_name}.mender", expires)
    return {
        "id": str(offer.deployment_id),
        "artifact": {
            "id": str(offer.artifact_id),
            "artifact_name": offer.artifact_name,
            "source": {
                "uri": base + path,
                "expire": stamp(datetime.fromtimestamp(expires, UTC)),
            },
            "device_types_compatible": offer.device_types,
        },
    }


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_provides", message)
