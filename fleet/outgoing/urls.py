"""How the address of a server to call is spelt."""

import re
from urllib.parse import SplitResult, urlsplit

import httpx

from fleet.errors import Invalid

LONGEST = 2048
PORTS = {"http": 80, "https": 443}
_SPELT = re.compile(r"[!-~]+")


def parsed(url: str) -> SplitResult:
    """The parts of an http or https address that can be read in one way only.

    Raises Invalid("url_invalid").
    """
    if len(url) > LONGEST or not _SPELT.fullmatch(url) or "\\" in url:
        raise _invalid(f"An address has at most {LONGEST} characters, ASCII without spaces.")
    try:
        parts = urlsplit(url)
        port, known = port_of(parts), httpx.URL(url)
        # What IDNA cannot read fails there only.
        _ = known.host
    except (ValueError, httpx.InvalidURL):
        raise _invalid("This is no address that can be called.") from None
    if parts.scheme not in PORTS or not parts.hostname or not 1 <= port <= 65535:
        raise _invalid("An address begins with https:// or http:// and the name of a server.")
    if "@" in parts.netloc:
        raise _invalid("An address has no user and password: whoever sees it would see them.")
    if parts.fragment:
        raise _invalid("What follows # in an address is never sent: leave it out.")
    if known.raw_host.decode("ascii") != parts.hostname:
        raise _invalid("The name of the server can be read in two ways.")
    return parts


def port_of(parts: SplitResult) -> int:
    return PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def _invalid(text: str) -> Invalid:
    return Invalid("url_invalid", text, field="url")
