"""A device is configured: people say how, the device says what became of it."""

from typing import Any

import pytest

from auditlog.models import AuditEntry
from fleet.models import Configuration, Organization
from tests.api.mender.bounds import person_within
from tests.api.mender.callers import Box, Person, error_of, person
from tests.api.mender.configuring import MINE, WANTED, path

UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_a_device_without_one_has_an_empty_one(admin: Person, device: Box) -> None:
    assert device.get(MINE).json() == {}
    shown = admin.get(path(device))
    assert shown.status_code == 200
    assert shown.json() == {"id": str(device.device.id), "configured": {}, "reported": {}}


def test_the_device_gets_what_was_set(admin: Person, device: Box) -> None:
    answer = admin.put(path(device), WANTED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert device.get(MINE).json() == WANTED
    shown = admin.get(path(device)).json()
    assert (shown["configured"], shown["reported"]) == (WANTED, {})
    assert shown["updated_ts"].endswith("Z")
    assert "reported_ts" not in shown


def test_what_is_set_replaces_what_was(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    admin.put(path(device), {"other": ""})
    assert device.get(MINE).json() == {"other": ""}


def test_what_the_device_reports_is_shown_beside_it(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    answer = device.put(MINE, {"property1": "else"})
    assert (answer.status_code, answer.content) == (204, b"")
    shown = admin.get(path(device)).json()
    assert (shown["configured"], shown["reported"]) == (WANTED, {"property1": "else"})
    assert shown["reported_ts"].endswith("Z")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (["a"], "not a JSON object"),
        ({"": "a"}, "''"),
        ({"k" * 4097: "a"}, "a key has 1 to 4096"),
        ({"timezone": 1}, "'timezone'"),
        ({"timezone": None}, "'timezone'"),
        ({"timezone": ["UTC"]}, "'timezone'"),
        ({"timezone": "x" * 4097}, "'timezone'"),
        ({str(number): "" for number in range(101)}, "at most 100"),
        ({str(number): "\U0001f600" * 4000 for number in range(12)}, "512 KiB"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\\ud800"}', "decode"),
        (b"", "empty"),
    ],
)
def test_what_is_no_configuration_is_refused(
    admin: Person, device: Box, wrong: Any, field: str
) -> None:
    assert field in error_of(admin.put(path(device), wrong), 400)
    assert field in error_of(device.put(MINE, wrong), 400)
    assert not Configuration.objects.exists()


def test_the_longest_there_may_be(admin: Person, device: Box) -> None:
    longest = {"k" * 4096: "v" * 4096} | {str(number): "" for number in range(99)}
    assert admin.put(path(device), longest).status_code == 204
    assert device.put(MINE, longest).status_code == 204
    assert device.get(MINE).json() == longest


@pytest.mark.parametrize(("unknown", "status"), [(UNKNOWN, 404), ("none", 400)])
def test_an_unknown_device_is_not_found(admin: Person, unknown: str, status: int) -> None:
    for answer in (
        admin.get(path(unknown)),
        admin.put(path(unknown), WANTED),
        admin.post(path(unknown, "/deploy"), {}),
    ):
        error_of(answer, status)


def test_a_person_is_no_device(admin: Person, device: Box) -> None:
    asked = {"Authorization": f"Bearer {admin.token}"}
    error_of(device.get(MINE, **asked), 401)
    error_of(device.put(MINE, {}, **asked), 401)


def test_setting_one_is_written_down(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    entry = AuditEntry.objects.get(action="set_configuration")
    assert (entry.object_kind, entry.object_id) == ("device", str(device.device.id))
    assert entry.change["configuration"] == WANTED
    [shown] = admin.get("v1/auditlogs/logs?object_type=device").json()
    assert shown["action"] == "set_configuration"


def test_of_a_large_one_only_the_keys_are_written_down(admin: Person, device: Box) -> None:
    admin.put(path(device), {f"key-{number}": "v" * 4096 for number in range(5)})
    change = AuditEntry.objects.get(action="set_configuration").change
    assert change["configured_keys"] == [f"key-{number}" for number in range(5)]
    assert "configuration" not in change


def test_a_decommissioned_device_takes_it_along(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    admin.delete(f"v2/devauth/devices/{device.device.id}")
    assert not Configuration.objects.exists()


def test_a_viewer_only_looks(organization: Organization, device: Box) -> None:
    viewer = person(organization, role="viewer")  # type: ignore[arg-type]
    assert viewer.get(path(device)).status_code == 200
    error_of(viewer.put(path(device), WANTED), 403)
    error_of(viewer.post(path(device, "/deploy"), {}), 403)


def test_a_role_with_bounds_configures_its_own_groups(
    monkeypatch: pytest.MonkeyPatch, organization: Organization, device: Box
) -> None:
    held = ("fleet.view_configuration", "fleet.change_configuration")
    operator = person_within(monkeypatch, organization, "mine", *held)
    error_of(operator.get(path(device)), 403)
    error_of(operator.put(path(device), WANTED), 403)
    error_of(operator.post(path(device, "/deploy"), {}), 403)
    type(device.device).objects.update(group="mine")
    assert operator.get(path(device)).status_code == 200
    assert operator.put(path(device), WANTED).status_code == 204
    assert operator.post(path(device, "/deploy"), {}).status_code == 200
