"""Where a webhook may be aimed: how its address is spelt, and what that leads to."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass

from django.conf import settings

from fleet.errors import Invalid
from fleet.outgoing.resolving import Refused, look_up, public_only, unique
from fleet.outgoing.urls import parsed, port_of

PATIENCE = 2.0  # seconds
_PRIVATE = (
    "The name {host} leads into a private network ({address}). Only where "
    "SLIPWAY_WEBHOOK_PRIVATE_NETWORKS is true may webhooks be aimed there."
)
_resolving = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolving")


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that was looked at; made by `destination` only."""

    url: str


def destination(url: str) -> Destination:
    """Check an address before it is kept; raises Invalid("url_invalid", "url_private").

    It is asked for in the DNS for two seconds at most. A name that is not known yet is taken:
    what it leads to is looked at again before everything that is sent.
    """
    parts = parsed(url)
    host = str(parts.hostname)
    try:
        found = _resolving.submit(look_up, host, port_of(parts)).result(PATIENCE)
    except (Refused, TookTooLong):
        return Destination(url)
    try:
        allowed(host, found)
    except Refused as refusal:
        raise Invalid("url_private", str(refusal), field="url") from None
    return Destination(url)


def allowed(host: str, addresses: list[str]) -> list[str]:
    """The addresses, unless one of them is private and may not be; raises Refused."""
    if settings.WEBHOOK_PRIVATE_NETWORKS:
        return unique(addresses)
    return public_only(host, addresses, _PRIVATE)
