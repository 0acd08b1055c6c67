"""The one question all devices keep asking: is there an update for me?

No request or response object of Django's comes in here: a view and the fast lane both call it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.utils import timezone

from api.json_bodies import check_media_type, decode, encode, member
from api.mender.errors import Unauthorized
from api.mender.times import stamp
from api.mender.tokens import DEVICE_REALM, MISSING, bearer
from artifacts.links import signed_path
from deployments import configuration_links, offers
from deployments.configuration_links import configuration_path
from deployments.offers import Offer
from fleet import device_tokens
from fleet.errors import Invalid
from fleet.throttling import throttle_device

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

    Raises Unauthorized, TooMany, WrongMediaType and the errors of the domain.
    """
    token = bearer(poll.authorization)
    claims = device_tokens.read(token) if token else None
    if claims is None:
        raise Unauthorized(DEVICE_REALM, "unauthorized" if token else MISSING)
    throttle_device(claims.credential)
    try:
        provides, takes_maps = asked(poll)
        offer = offers.poll(claims, provides)
    except offers.Unauthorized as error:
        raise Unauthorized(DEVICE_REALM) from error
    if offer is None:
        return None
    instructions = _instructions(offer, claims.device_id, poll.base())
    if takes_maps and offer.update_control_map is not None:
        instructions["update_control_map"] = offer.update_control_map
    return encode(instructions)


def asked(poll: Poll) -> tuple[dict[str, str], bool]:
    """What the device says it has, and whether it takes update control maps.

    Raises Invalid("invalid_provides").
    """
    takes_maps = False
    if poll.query is not None:
        provides: Any = dict(parse_qsl(poll.query, keep_blank_values=True, errors="replace"))
    else:
        check_media_type(poll.content_type, poll.body)
        provides = decode(poll.body)
        if poll.is_wrapped and isinstance(provides, dict):
            takes_maps = member(provides, "update_control_map") is True
            provides = member(provides, "device_provides")
    if not isinstance(provides, dict):
        raise _invalid("device_provides: must be an object")
    for name, longest in REQUIRED.items():
        if not provides.get(name) or len(str(provides[name])) > longest:
            raise _invalid(f"{name}: cannot be blank or longer than {longest}")
    if not all(isinstance(value, str) and "\0" not in value for value in provides.values()):
        raise _invalid("device_provides: each value must be a text")
    return provides, takes_maps


def _instructions(offer: Offer, device_id: UUID, base: str) -> dict[str, Any]:
    path, expires = _link(offer, device_id)
    return {
        "id": str(offer.deployment_id),
        "artifact": {
            "id": str(offer.artifact_id),
            "artifact_name": offer.artifact_name,
            "source": {"uri": base + path, "expire": stamp(expires)},
            "device_types_compatible": offer.device_types,
        },
    }


def _link(offer: Offer, device_id: UUID) -> tuple[str, datetime]:
    if offer.is_configuration:
        expires = timezone.now() + configuration_links.LIFETIME
        path = configuration_path(
            deployment_id=offer.deployment_id,
            device_type=offer.device_types[0],
            device_id=device_id,
            tenant_id=offer.organization_id,
            expires=expires,
        )
        return path, expires
    until = int(time.time()) + LINK_LIFETIME
    path = signed_path(offer.artifact_id, f"{offer.artifact_name}.mender", until)
    return path, datetime.fromtimestamp(until, UTC)


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_provides", message)
