"""A device is let in before it calls."""

from typing import Any

import pytest

from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_device, make_key

DEVICES = "v2/devauth/devices"
IDENTITY = {"mac": "00:01:02:03:04:05", "sku": "My Device 1", "sn": "SN1234567890"}


def test_it_is_listed_as_preauthorized(admin: Person) -> None:
    key = make_key()
    answer = admin.post(DEVICES, {"identity_data": IDENTITY, "pubkey": key.pem})
    assert (answer.status_code, answer.content) == (201, b"")
    shown = admin.get(f"v2/devauth/{answer.headers['Location']}").json()
    assert (shown["status"], shown["identity_data"]) == ("preauthorized", IDENTITY)
    assert shown["auth_sets"][0]["pubkey"] == key.pem


def test_a_known_identity_answers_with_its_device(
    admin: Person, organization: Organization
) -> None:
    device = make_device(organization, identity=IDENTITY)
    answer = admin.post(DEVICES, {"identity_data": IDENTITY, "pubkey": make_key().pem})
    assert answer.status_code == 409
    assert answer.json() == admin.get(f"{DEVICES}/{device.id}").json()


def test_force_adds_a_key_to_a_known_identity(admin: Person, organization: Organization) -> None:
    device = make_device(organization, identity=IDENTITY)
    body = {"identity_data": IDENTITY, "pubkey": make_key().pem, "force": True}
    answer = admin.post(DEVICES, body)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"devices/{device.id}")
    shown = admin.get(f"{DEVICES}/{device.id}").json()
    assert shown["status"] == "accepted"
    assert sorted(key["status"] for key in shown["auth_sets"]) == ["accepted", "preauthorized"]


@pytest.mark.parametrize(
    "facts",
    [
        {"identity_data": '{"mac":"1"}'},
        {"identity_data": None},
        {"identity_data": {}},
        {"identity_data": []},
        {"pubkey": "none"},
        {"pubkey": 3},
        {"pubkey": None},
        {"force": "yes"},
    ],
)
def test_what_is_no_identity_or_no_key_is_refused(admin: Person, facts: dict[str, Any]) -> None:
    body = {"identity_data": IDENTITY, "pubkey": make_key().pem} | facts
    error_of(admin.post(DEVICES, body), 400)
    assert not admin.get(DEVICES).json()
