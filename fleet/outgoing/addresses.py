"""Which network addresses are public: everybody's to reach, and not only this server's."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Protocol assignments and the relay of 6to4: Python's releases differ on what of it is public.
# Then where a machine at Azure finds its host, which tells it secrets.
_RESERVED = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("168.63.129.16/32"),
)
_UNICAST = IPv6Network("2000::/3")
# Where NAT64 puts the IPv4 address that is meant.
_NAT64 = IPv6Network("64:ff9b::/96")
_TEREDO = IPv6Network("2001::/32")
_6TO4 = IPv6Network("2002::/16")
_DOCUMENTATION = IPv6Network("3fff::/20")
# In an interface identifier it announces an IPv4 address (ISATAP), private or not.
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(text: str) -> bool:
    """Whether the address is one of the public internet; False for what is no address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return _is_public_4(address) if isinstance(address, IPv4Address) else _is_public_6(address)


def _is_public_4(address: IPv4Address) -> bool:
    if any(address in network for network in _RESERVED):
        return False
    return address.is_global and not address.is_multicast


def _is_public_6(address: IPv6Address) -> bool:
    if address in _NAT64:
        return _is_public_4(_low(address))
    if address not in _UNICAST or not address.is_global or address.is_multicast:
        return False
    if address in _DOCUMENTATION:
        return False
    return all(map(_is_public_4, _inside(address)))


def _inside(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that packets to this one may end at."""
    number = int(address)
    if address in _6TO4:
        yield IPv4Address((number >> 80) & 0xFFFFFFFF)
    if address in _TEREDO:
        yield IPv4Address((number & 0xFFFFFFFF) ^ 0xFFFFFFFF)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield _low(address)


def _low(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
