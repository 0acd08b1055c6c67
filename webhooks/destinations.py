"""Where a webhook may be aimed: how its address is spelt, and what that leads to."""

import asyncio
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

from fleet.errors import Invalid
from webhooks.addresses import is_public

LONGEST = 2048
PORTS = {"http": 80, "https": 443}
PATIENCE = 2.0  # seconds
_SPELT = re.compile(r"[!-~]+")
_PRIVATE = (
    "The name {host} leads into a private network ({address}). Only where "
    "SLIPWAY_WEBHOOK_PRIVATE_NETWORKS is true may webhooks be aimed there."
)
_resolving = ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolving")


class Refused(Exception):
    """The name leads nowhere, or to where no webhook may go; the text says which, to people."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that was looked at; made by `destination` only."""

    url: str


def destination(url: str) -> Destination:
    """Check an address before it is kept; raises Invalid("url_invalid", "url_private").

    It is asked for in the DNS for two seconds at most. A name that is not known yet is taken:
    what it leads to is looked at again before everything that is sent.
    """
    parts = _split(url)
    host = str(parts.hostname)
    try:
        found = _resolving.submit(_look_up, host, _port(parts)).result(PATIENCE)
    except (OSError, UnicodeError, TookTooLong):
        return Destination(url)
    try:
        allowed(host, found)
    except Refused as refusal:
        raise Invalid("url_private", str(refusal), field="url") from None
    return Destination(url)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses to connect to, each of them checked; raises Refused."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(f"{host} is not known in the DNS.") from None
    return allowed(host, [str(entry[4][0]) for entry in found])


def allowed(host: str, addresses: list[str]) -> list[str]:
    """The addresses, unless one of them is private and may not be; raises Refused."""
    unique = list(dict.fromkeys(addresses))
    if not settings.WEBHOOK_PRIVATE_NETWORKS:
        for address in unique:
            if not is_public(address):
                raise Refused(_PRIVATE.format(host=host, address=address))
    return unique


def _look_up(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST or not _SPELT.fullmatch(url) or "\\" in url:
        raise _invalid(f"An address has at most {LONGEST} characters, ASCII without spaces.")
    try:
        parts = urlsplit(url)
        port, known = _port(parts), httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise _invalid("This is no address that can be called.") from None
    if parts.scheme not in PORTS or not parts.hostname or not 1 <= port <= 65535:
        raise _invalid("An address begins with https:// or http:// and the name of a server.")
    if "@" in parts.netloc:
        raise _invalid("An address has no user and password: the signature says who calls.")
    if parts.fragment:
        raise _invalid("What follows # in an address is never sent: leave it out.")
    if known.raw_host.decode("ascii") != parts.hostname:
        raise _invalid("The name of the server can be read in two ways.")
    return parts


def _port(parts: SplitResult) -> int:
    return PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def _invalid(text: str) -> Invalid:
    return Invalid("url_invalid", text, field="url")
