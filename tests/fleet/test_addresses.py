"""Where a request comes from, behind none, one or two proxies."""

import pytest
from django.test import RequestFactory

from fleet.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.9"),
        (0, "10.0.0.1", "192.0.2.9"),
        (1, "", "192.0.2.9"),
        (1, "10.0.0.1", "10.0.0.1"),
        (1, "6.6.6.6, 10.0.0.1", "10.0.0.1"),
        (2, "6.6.6.6, 10.0.0.1, 10.0.0.2", "10.0.0.1"),
        (2, "10.0.0.1", "10.0.0.1"),
        (1, "10.0.0.1:4711", "10.0.0.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "fe80::1%" + "x" * 100, "fe80::1"),
        (1, "unknown", "192.0.2.9"),
        (1, "<script>", "192.0.2.9"),
    ],
)
def test_the_address_is_what_the_outermost_proxy_saw(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


def test_a_peer_without_address_has_none():
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) == ""
