"""The alerts of a device as people read them, and the monitors it runs."""

from typing import Any

import pytest

from fleet.models import Organization
from tests.api.mender.alarms import ALERT, alert, alerts
from tests.api.mender.bounds import person_within
from tests.api.mender.callers import Box, Person, error_of

MONITORS = [
    {"name": "sshd", "status": "enabled", "type": "service"},
    {"name": "auth.log", "status": "disabled", "type": "log"},
]
CONFIG = "v1/devicemonitor/config"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
LISTS = pytest.mark.parametrize(
    "what", ["alerts", "alerts/latest", "config"], ids=["alerts", "latest", "config"]
)


def at(second: int) -> str:
    return f"2030-01-01T00:00:{second:02}Z"


def stamps(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [int(each["timestamp"][17:19]) for each in answer.json()]


@pytest.fixture
def history(device: Box) -> Box:
    told = [alert("ab"[n % 2], "OK", timestamp=at(n)) for n in range(5)]
    assert device.post(ALERT, told).status_code == 204
    return device


def test_the_newest_comes_first_unless_asked_otherwise(admin: Person, history: Box) -> None:
    assert stamps(alerts(admin, history)) == [4, 3, 2, 1, 0]
    assert stamps(alerts(admin, history, "?sort_ascending=true")) == [0, 1, 2, 3, 4]
    assert stamps(alerts(admin, history, "?sort_ascending=false")) == [4, 3, 2, 1, 0]


def test_alerts_come_in_pages(admin: Person, history: Box) -> None:
    answer = alerts(admin, history, "?per_page=2&page=2")
    assert stamps(answer) == [2, 1]
    assert answer.headers["X-Total-Count"] == "5"
    for relation in ("first", "prev", "next", "last"):
        assert f'rel="{relation}"' in answer.headers["Link"]
    assert stamps(alerts(admin, history, "?page=9")) == []


def test_alerts_of_a_time(admin: Person, history: Box) -> None:
    start = 1893456000
    assert stamps(alerts(admin, history, f"?issued_after={start + 3}")) == [4, 3]
    assert stamps(alerts(admin, history, f"?issued_before={start + 1}")) == [1, 0]
    both = f"?issued_after={start + 1}&issued_before={start + 3}"
    assert stamps(alerts(admin, history, both)) == [3, 2, 1]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "per_page=501",
        "issued_after=x",
        "issued_before=999999999999",
        "sort_ascending=maybe",
    ],
)
def test_a_query_that_makes_no_sense_is_refused(admin: Person, history: Box, query: str) -> None:
    error_of(alerts(admin, history, f"?{query}"), 400)


def test_the_latest_is_the_last_word_of_each_monitor(admin: Person, history: Box) -> None:
    assert stamps(alerts(admin, history, "/latest")) == [4, 3]
    answer = alerts(admin, history, "/latest?per_page=1")
    assert (stamps(answer), answer.headers["X-Total-Count"]) == ([4], "2")
    error_of(alerts(admin, history, "/latest?page=0"), 400)


def monitors(admin: Person, device: Box) -> Any:
    return admin.get(f"v1/devicemonitor/devices/{device.device.id}/config").json()


def test_the_monitors_of_a_device_are_what_it_told_last(admin: Person, device: Box) -> None:
    assert monitors(admin, device) == []
    answer = device.post(CONFIG, MONITORS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert monitors(admin, device) == MONITORS
    assert device.post(CONFIG, MONITORS[1]).status_code == 204
    assert monitors(admin, device) == MONITORS[1:]
    assert device.post(CONFIG, []).status_code == 204
    assert monitors(admin, device) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ("sshd", "list of objects"),
        ([MONITORS[0], {"name": "a", "type": "b"}], "[1].status"),
        ([MONITORS[0] | {"name": ""}], "[0].name"),
        ([MONITORS[0] | {"type": "x" * 257}], "[0].type"),
        ([MONITORS[0]] * 501, "at most 500"),
    ],
)
def test_monitors_that_make_no_sense_are_refused(device: Box, wrong: Any, field: str) -> None:
    assert field in error_of(device.post(CONFIG, wrong), 400)


@LISTS
@pytest.mark.parametrize("unknown", [UNKNOWN, "none"])
def test_an_unknown_device_is_not_found(admin: Person, what: str, unknown: str) -> None:
    error_of(admin.get(f"v1/devicemonitor/devices/{unknown}/{what}"), 404)


@LISTS
def test_a_role_with_bounds_reads_those_of_its_groups(
    monkeypatch: pytest.MonkeyPatch, organization: Organization, device: Box, what: str
) -> None:
    reader = person_within(monkeypatch, organization, "mine", "fleet.view_alert")
    path = f"v1/devicemonitor/devices/{device.device.id}/{what}"
    error_of(reader.get(path), 403)
    type(device.device).objects.update(group="mine")
    assert reader.get(path).status_code == 200
