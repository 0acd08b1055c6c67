"""What devices tell of themselves, and who reads it."""

from typing import Any

import pytest

from fleet.models import Organization
from fleet.states import Admission
from tests.api.mender.callers import Box, Person, box, error_of
from tests.make import make_device

MINE = "v1/inventory/device/attributes"
DEVICES = "v1/inventory/devices"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
IP = {"name": "ip_addr", "value": "1.2.3.4", "description": "IP address"}
MAC = {"name": "mac_addr", "value": "00.01:02:03:04:05", "description": "MAC address"}


def told(admin: Person, device: Box, scope: str = "inventory") -> dict[str, Any]:
    shown = admin.get(f"{DEVICES}/{device.device.id}").json()["attributes"]
    return {each["name"]: each["value"] for each in shown if each["scope"] == scope}


def test_patch_adds_and_put_replaces(admin: Person, device: Box) -> None:
    answer = device.call("PATCH", MINE, [IP, MAC])
    assert (answer.status_code, answer.content) == (200, b"")
    device.call("PATCH", MINE, [IP | {"value": "5.6.7.8"}])
    assert told(admin, device) == {"ip_addr": "5.6.7.8", "mac_addr": "00.01:02:03:04:05"}
    assert device.put(MINE, [MAC]).status_code == 200
    assert told(admin, device) == {"mac_addr": "00.01:02:03:04:05"}


def test_a_new_device_that_told_three_things_shows_nine(
    admin: Person, organization: Organization
) -> None:
    device = box(organization, identity={"mac": "1", "sn": "2"})
    values = {"a": "text", "b": 1.5, "c": ["x", "y"]}
    device.put(MINE, [{"name": name, "value": value} for name, value in values.items()])
    assert told(admin, device) == values
    assert told(admin, device, "identity") == {"mac": "1", "sn": "2", "status": "accepted"}
    assert told(admin, device, "system").keys() == {"created_ts", "updated_ts", "check_in_time"}


def test_an_attribute_looks_as_documented(admin: Person, device: Box) -> None:
    device.put(MINE, [IP])
    shown = admin.get(f"{DEVICES}/{device.device.id}").json()
    assert shown.keys() == {"id", "attributes", "updated_ts"}
    [attribute] = [each for each in shown["attributes"] if each["scope"] == "inventory"]
    assert attribute.pop("timestamp").endswith("Z")
    assert attribute == IP | {"scope": "inventory"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [1],
        [{}],
        [{"name": "a"}],
        [{"name": "", "value": "b"}],
        [{"name": 5, "value": "b"}],
        [{"name": ["a"], "value": "b"}],
        [{"name": "x" * 1025, "value": "b"}],
        [{"name": "a", "value": None}],
        [{"name": "a", "value": True}],
        [{"name": "a", "value": {"b": 1}}],
        [{"name": "a", "value": ["b", 1]}],
        [{"name": "a", "value": "b", "description": 5}],
    ],
)
def test_a_malformed_attribute_is_refused(admin: Person, device: Box, body: Any) -> None:
    error_of(device.put(MINE, body), 400)
    error_of(device.call("PATCH", MINE, body), 400)
    assert told(admin, device) == {}


def test_devices_are_listed_in_pages_and_counted(admin: Person, organization: Organization) -> None:
    for group in ["lab", "lab", ""]:
        make_device(organization, group=group, status=Admission.PENDING)
    answer = admin.get(f"{DEVICES}?per_page=2")
    assert (len(answer.json()), answer.headers["X-Total-Count"]) == (2, "3")
    assert 'rel="last"' in answer.headers["Link"]
    beyond = admin.get(f"{DEVICES}?page=9")
    assert (beyond.json(), beyond.headers["X-Total-Count"]) == ([], "3")
    assert len(admin.get(f"{DEVICES}?group=lab").json()) == 2
    assert len(admin.get(f"{DEVICES}?group=eq:lab&has_group=true").json()) == 2
    assert len(admin.get(f"{DEVICES}?has_group=false").json()) == 1
    error_of(admin.get(f"{DEVICES}?has_group=maybe"), 400)


@pytest.mark.parametrize("unknown", [UNKNOWN, "none"])
def test_an_unknown_device_is_not_found(admin: Person, unknown: str) -> None:
    error_of(admin.get(f"{DEVICES}/{unknown}"), 404)
