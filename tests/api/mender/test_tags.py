"""What people note on devices."""

from typing import Any

import pytest

from fleet.models import Device, Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_device

DEVICES = "v1/inventory/devices"
QA = {"name": "qa", "value": "true", "description": "for tests"}
SITE = {"name": "site", "value": "hall"}


@pytest.fixture
def path(organization: Organization) -> str:
    return f"{DEVICES}/{make_device(organization, inventory={'qa': 'x'}).id}"


def noted(admin: Person, path: str) -> list[dict[str, Any]]:
    shown = admin.get(path).json()["attributes"]
    return [each for each in shown if each.pop("scope") == "tags"]


def test_put_replaces_and_patch_adds(admin: Person, path: str) -> None:
    answer = admin.put(f"{path}/tags", [QA])
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == admin.get(path).headers["ETag"]
    admin.call("PATCH", f"{path}/tags", [SITE])
    assert noted(admin, path) == [QA, SITE]
    admin.call("PATCH", f"{path}/tags", [{"name": "qa", "value": ["a"]}])
    assert noted(admin, path) == [{"name": "qa", "value": ["a"]}, SITE]
    admin.put(f"{path}/tags", [])
    assert noted(admin, path) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_who_saw_other_tags_changes_nothing(admin: Person, path: str, method: str) -> None:
    before = admin.get(path).headers["ETag"]
    assert admin.call(method, f"{path}/tags", [QA], If_Match=before).status_code == 200
    for old in [before, before.strip('"'), '"x", W/"y"', ""]:
        error_of(admin.call(method, f"{path}/tags", [SITE], If_Match=old), 412)
    now = admin.get(path).headers["ETag"]
    assert now != before
    for known in [now, now.strip('"'), f'"x", {now}', "*"]:
        assert admin.call(method, f"{path}/tags", [QA], If_Match=known).status_code == 200
    assert noted(admin, path) == [QA]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_twenty_is_the_most(admin: Person, path: str, method: str) -> None:
    twenty = [{"name": f"t{number}", "value": "v"} for number in range(20)]
    assert admin.call(method, f"{path}/tags", twenty).status_code == 200
    error_of(admin.call(method, f"{path}/tags", [*twenty, QA]), 400)
    error_of(admin.call("PATCH", f"{path}/tags", [QA]), 400)
    assert len(noted(admin, path)) == 20


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_is_no_tag_or_no_device(admin: Person, path: str, method: str) -> None:
    for body in [{}, [1], [{"name": "a"}], [{"name": "", "value": "b"}], [QA | {"value": True}]]:
        error_of(admin.call(method, f"{path}/tags", body), 400)
    error_of(admin.call(method, f"{DEVICES}/none/tags", [QA]), 404)


def test_a_tag_makes_no_device_look_heard_of(admin: Person, organization: Organization) -> None:
    device = make_device(organization)
    admin.put(f"{DEVICES}/{device.id}/tags", [QA])
    shown = {each["name"]: each["value"] for each in _system(admin, device)}
    assert shown["check_in_time"] == shown["created_ts"]


def _system(admin: Person, device: Device) -> list[dict[str, Any]]:
    shown = admin.get(f"{DEVICES}/{device.id}").json()["attributes"]
    return [each for each in shown if each["scope"] == "system"]
