"""No webhook leads into a private network, however its address is spelt."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from fleet.errors import Invalid
from fleet.models import Organization
from fleet.outgoing.addresses import is_public
from fleet.outgoing.resolving import Refused
from tests.make import make_actor
from tests.webhooks.receiver import Receiver
from webhooks import destinations
from webhooks.delivering import deliver
from webhooks.destinations import allowed, destination
from webhooks.models import Delivery, Webhook
from webhooks.upkeep import ping

PRIVATE_4 = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
    *(
        "168.63.129.16/32",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ),
]
PRIVATE_6 = [
    *("::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "3fff::/20", "5f00::/16"),
    *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
]


def inside(networks: list[str]) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    def one(network: IPv4Network | IPv6Network) -> st.SearchStrategy[IPv4Address | IPv6Address]:
        first, last = int(network[0]), int(network[-1])
        return st.integers(first, last).map(type(network[0]))

    return st.sampled_from(list(map(ip_network, networks))).flatmap(one)


def embedded(address: IPv4Address) -> list[IPv6Address]:
    """All the ways in which IPv6 says an IPv4 address."""
    number = int(address)
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x20010000 << 96 | number ^ 0xFFFFFFFF),
        IPv6Address(0x2A00 << 112 | 0x00005EFE << 32 | number),
        IPv6Address(0x2A00 << 112 | 0x02005EFE << 32 | number),
    ]


@given(inside(PRIVATE_4))
def test_no_private_ipv4_is_public(address: IPv4Address) -> None:
    assert not is_public(str(address))
    assert [str(each) for each in embedded(address) if is_public(str(each))] == []


@given(inside(PRIVATE_6))
def test_no_private_ipv6_is_public(address: IPv6Address) -> None:
    assert not is_public(str(address))
    assert not is_public(f"{address}%eth0")


@pytest.mark.parametrize(
    "public", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_what_is_public_is(public: str) -> None:
    assert is_public(public)
    assert allowed("one.example", [public]) == [public]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "0x7f.1", "0x7f000001", "2130706433", "127.1", "017700000001", "0"),
        *("localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "LOCALHOST"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "169.254.169.254", "10.0.0.1"),
    ],
)
def test_private_ones_are_refused_however_they_are_spelt(host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(Invalid) as refused:
            destination(f"{scheme}://{host}:8080/x")
        assert refused.value.code == "url_private"


@given(inside(PRIVATE_4), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_numbers_are_no_way_around(address: IPv4Address, spelling: str) -> None:
    with pytest.raises(Invalid):
        destination(f"http://{spelling.format(int(address))}/")


@pytest.mark.parametrize(
    "url",
    [
        *("", "hooks.example.com", "ftp://a.example/", "file:///etc/passwd", "//a.example/"),
        *("http://", "http:///x", "http://user@a.example/", "http://u:p@a.example/", "http://@a/"),
        *("http://a.example:0/", "http://a.example:65536/", "http://a.example:x/", "http://a\n.b/"),
        *("http://a.example/#x", "http://a.example\\@b.example/", "http://ä.example/"),
        *("http://[::1", "http://a b/", "javascript:alert(1)", "http://a.example/" + "x" * 2048),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        destination(url)
    assert refused.value.code == "url_invalid"


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        allowed("one.example", ["1.1.1.1", "10.0.0.1"])


@pytest.mark.django_db
def test_it_is_looked_at_again_before_everything_that_is_sent(
    home: Organization, webhook: Webhook, receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE_NETWORKS = False
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    assert receiver.received == []
    assert "leads into a private network (127.0.0.1)" in Delivery.objects.get().error


@pytest.mark.django_db
def test_the_connection_is_to_the_address_that_was_checked(
    home: Organization,
    webhook: Webhook,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is resolved once; the receiver is still called by it."""
    asked: list[list[str]] = []

    def only_once(host: str, addresses: list[str]) -> list[str]:
        asked.append([host, *addresses])
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    monkeypatch.setattr(destinations, "allowed", only_once)
    port = receiver.url.split(":")[2]
    Webhook.objects.update(url=f"http://localhost:{port}")
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    assert Delivery.objects.get().state == "delivered"
    assert len(asked) == 1
    assert receiver.received[0].headers["host"] == f"localhost:{port.split('/')[0]}"
