"""The question that hawkBit's devices keep asking: is there anything to do?

No request or response object of Django's comes in here: a view and the fast lane both call it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from api.hawkbit.ddi.content import encoded, media_type_for
from api.hawkbit.ddi.proofs import prove
from api.hawkbit.ddi.shapes import polled, root_of
from api.hawkbit.entity_tags import entity_tag, is_known
from api.hawkbit.errors import bare
from deployments.instructing import Known, Situation, joins, look
from fleet import presence
from fleet.models import Device, Organization
from fleet.targets import note_address, register
from fleet.throttling import throttle_device

VIA = "hawkBit DDI API"
LONGEST_ID = 256
HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}


@dataclass(frozen=True, slots=True)
class Poll:
    """The question as it came: `meta` is its WSGI environ, `client` the address it came from.

    `base` gives the address by which the device reaches us.
    """

    meta: Mapping[str, Any]
    tenant: str
    controller_id: str
    client: str
    base: Callable[[], str]

    @property
    def address(self) -> str:
        """The device as an URI, empty if nobody knows where it is."""
        host = f"[{self.client}]" if ":" in self.client else self.client
        return f"http://{host}" if host else ""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def answer(poll: Poll) -> Reply:
    """Raises Refused, TooMany and the errors of the domain."""
    situation = _situation(poll)
    media_type = media_type_for(poll.meta.get("HTTP_ACCEPT", ""))
    root = root_of(poll.base(), poll.tenant, poll.controller_id)
    body = encoded(polled(situation, root, timezone.now()), media_type)
    headers = HEADERS | {"ETag": entity_tag(body)}
    if is_known(poll.meta.get("HTTP_IF_NONE_MATCH", ""), headers["ETag"]):
        return Reply(304, headers, b"")
    return Reply(200, headers | {"Content-Type": media_type}, body)


def _situation(poll: Poll) -> Situation:
    if "\0" in poll.tenant or "\0" in poll.controller_id or len(poll.controller_id) > LONGEST_ID:
        raise bare(400)
    situation = _proved(poll)
    if situation.device is None:
        _register(poll, situation)
        situation = _proved(poll)
    known = situation.device
    if known is None:
        raise bare(401)
    throttle_device(known.number)
    presence.seen(known.number)
    _note_address(poll, known)
    return _looked(poll) if joins(situation) else situation


def _proved(poll: Poll) -> Situation:
    """The situation of a device that may know it, or of one that may register."""
    situation = _looked(poll)
    known = situation.device
    digest = known.token_digest if known and known.is_token_accepted else ""
    proof = prove(poll.meta, poll.controller_id, situation.policies, digest)
    if proof is None or (known is not None and not known.is_admitted):
        raise bare(401)
    return situation


def _looked(poll: Poll) -> Situation:
    situation = look(poll.tenant, poll.controller_id, timezone.now())
    if situation is None:
        raise bare(401)
    return situation


def _register(poll: Poll, situation: Situation) -> None:
    register(
        organization=Organization.objects.get(pk=situation.organization_id),
        controller_id=poll.controller_id,
        address=poll.address,
        client_address=poll.client,
        via=VIA,
    )


def _note_address(poll: Poll, known: Known) -> None:
    if poll.address and poll.address != known.address:
        device = Device(number=known.number, address=known.address)
        note_address(device=device, address=poll.address)
