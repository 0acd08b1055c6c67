"""What the name of a server leads to, and whether anybody may be sent there."""

import asyncio
import socket

from fleet.outgoing.addresses import is_public


class Refused(Exception):
    """The name leads nowhere, or to where nobody may be sent; the text says which, to people."""


def public_only(host: str, addresses: list[str], otherwise: str) -> list[str]:
    """The addresses, each of them once; raises Refused if one of them is private.

    Its text is `otherwise` with `{host}` and `{address}` filled in.
    """
    for address in addresses:
        if not is_public(address):
            raise Refused(otherwise.format(host=host, address=address))
    return unique(addresses)


def unique(addresses: list[str]) -> list[str]:
    return list(dict.fromkeys(addresses))


def look_up(host: str, port: int) -> list[str]:
    """All addresses of the name; raises Refused if it is not known."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _unknown(host) from None
    return [str(entry[4][0]) for entry in found]


async def look_up_meanwhile(host: str, port: int) -> list[str]:
    """As `look_up`, while others go on."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _unknown(host) from None
    return [str(entry[4][0]) for entry in found]


def _unknown(host: str) -> Refused:
    return Refused(f"{host} is not known in the DNS.")
