"""Monitors on devices raise alerts, and the inventory says how many stand."""

from typing import Any

import pytest

from fleet.models import Alert, Organization
from tests.api.mender.alarms import ALERT, alert, alerts, monitor_scope
from tests.api.mender.callers import Box, Person, box, error_of

# The example of the documentation.
POSTED = {
    "name": "mender-connect systemd service",
    "level": "CRITICAL",
    "timestamp": "2019-07-21T17:32:28Z",
    "subject": {
        "name": "mender-connect",
        "status": "not-running",
        "type": "systemd.unit",
        "details": {
            "description": "Description of an error.",
            "lines_before": [
                {"line_number": 1, "data": "Line 1 from a log file"},
                {"line_number": 2, "data": "Line 2 from a log file"},
            ],
            "line_matching": {"line_number": 3, "data": "Line 3 from a log file"},
            "lines_after": [{"line_number": 4, "data": "Line 4 from a log file"}],
        },
    },
}


def test_what_was_posted_is_shown_as_it_was_posted(admin: Person, device: Box) -> None:
    answer = device.post(ALERT, [POSTED])
    assert (answer.status_code, answer.content) == (204, b"")
    [shown] = alerts(admin, device).json()
    assert shown.pop("id")
    assert shown.pop("device_id") == str(device.device.id)
    assert shown.pop("timestamp") == "2019-07-21T17:32:28.000Z"
    assert shown == {name: POSTED[name] for name in ("name", "level", "subject")}


def test_a_single_alert_needs_no_list_and_keys_any_case(admin: Person, device: Box) -> None:
    assert device.post(ALERT, {key.upper(): POSTED[key] for key in POSTED}).status_code == 204
    assert len(alerts(admin, device).json()) == 1


def test_the_inventory_counts_the_monitors_in_alarm(admin: Person, device: Box) -> None:
    device.post(ALERT, [alert("a", "OK"), alert("b", "CRITICAL"), alert("c", "CRITICAL")])
    assert monitor_scope(admin, device) == {"alert_count": 2, "alerts": True}
    device.post(ALERT, [alert("b", "OK"), alert("c", "CRITICAL")])
    assert monitor_scope(admin, device) == {"alert_count": 1, "alerts": True}
    device.post(ALERT, [alert("c", "CRITICAL"), alert("c", "OK")])
    assert monitor_scope(admin, device) == {"alert_count": 0, "alerts": False}


def test_the_same_name_of_another_type_is_another_monitor(admin: Person, device: Box) -> None:
    other = {"name": "a", "type": "log", "status": "matched"}
    device.post(ALERT, [alert("a", "CRITICAL"), alert("a", "CRITICAL", subject=other)])
    device.post(ALERT, [alert("a", "OK")])
    assert monitor_scope(admin, device) == {"alert_count": 1, "alerts": True}


def test_what_comes_in_last_counts_whatever_the_device_s_clock_says(
    admin: Person, device: Box
) -> None:
    device.post(ALERT, [alert("a", "CRITICAL", timestamp="2031-01-01T00:00:00Z")])
    device.post(ALERT, [alert("a", "OK", timestamp="1970-01-01T00:00:00Z")])
    assert monitor_scope(admin, device) == {"alert_count": 0, "alerts": False}


def test_what_is_said_again_is_in_the_history_twice(admin: Person, device: Box) -> None:
    for _ in range(3):
        device.post(ALERT, [alert("a", "CRITICAL")])
    assert len(alerts(admin, device).json()) == 3
    assert monitor_scope(admin, device)["alert_count"] == 1


def test_attributes_of_other_scopes_are_left_alone(admin: Person, device: Box) -> None:
    device.put("v1/inventory/device/attributes", [{"name": "a", "value": "b"}])
    device.post(ALERT, [alert("a", "CRITICAL")])
    device.put("v1/inventory/device/attributes", [{"name": "c", "value": "d"}])
    assert monitor_scope(admin, device) == {"alert_count": 1, "alerts": True}


def test_bytes_of_a_log_that_are_no_text_do_not_lose_the_alert(admin: Person, device: Box) -> None:
    raw = b'[{"name":"a","level":"OK","timestamp":"2030-01-01T00:00:00Z","subject":{"name":"a",'
    raw += b'"type":"log","status":"s","details":{"line_matching":{"line_number":1,'
    raw += b'"data":"\\u0000\\ud800\xff"}}}}]'
    assert device.post(ALERT, raw).status_code == 204
    [shown] = alerts(admin, device).json()
    assert shown["subject"]["details"]["line_matching"]["data"] == "\ufffd\ufffd\ufffd"


def test_nothing_said_is_fine(device: Box) -> None:
    assert device.post(ALERT, []).status_code == 204


def test_a_person_cannot_raise_alerts(admin: Person) -> None:
    error_of(admin.client.generic("POST", f"/api/devices/{ALERT}", b"[]"), 401)


def details(**members: Any) -> dict[str, Any]:
    return alert("a", "OK", subject={**alert("a", "OK")["subject"], "details": members})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (5, "list of objects"),
        ([5], "list of objects"),
        (alert("", "OK"), "[0].name"),
        (alert("a", "OK") | {"name": "x" * 1025}, "[0].name"),
        (alert("a", "OK") | {"name": None}, "[0].name"),
        (alert("a", "WARNING"), "[0].level"),
        (alert("a", "OK") | {"level": ["OK"]}, "[0].level"),
        (alert("a", "OK", timestamp="yesterday"), "[0].timestamp"),
        (alert("a", "OK", timestamp=0), "[0].timestamp"),
        (alert("a", "OK", timestamp="0001-01-01T00:00:00+14:00"), "[0].timestamp"),
        (alert("a", "OK", subject="a"), "[0].subject"),
        (alert("a", "OK", subject={"name": "a"}), "[0].subject.type"),
        (alert("a", "OK", subject={"name": "a", "type": "t", "status": 1}), "[0].subject.status"),
        ([alert("a", "OK"), alert("b", "ok")], "[1].level"),
        (details(description=5), "[0].subject.details.description"),
        (details(lines_before={}), "[0].subject.details.lines_before"),
        (details(lines_after=[{"line_number": "1", "data": ""}]), "details.lines_after"),
        (details(lines_before=["line"]), "details.lines_before"),
        (details(line_matching={"line_number": True, "data": ""}), "details.line_matching"),
        (details(more="x" * 65_536), "[0].subject.details"),
        ([alert("a", "OK")] * 501, "at most 500"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_whole(device: Box, wrong: Any, field: str) -> None:
    assert field in error_of(device.post(ALERT, wrong), 400)
    assert not Alert.objects.exists()


def test_each_device_has_its_own(admin: Person, device: Box, organization: Organization) -> None:
    other = box(organization)
    other.post(ALERT, [alert("a", "CRITICAL")])
    device.post(ALERT, [alert("a", "OK")])
    assert monitor_scope(admin, other)["alert_count"] == 1
    assert len(alerts(admin, device).json()) == 1
