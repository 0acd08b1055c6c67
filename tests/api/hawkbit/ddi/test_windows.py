"""The maintenance window decides when a device installs, and how often it calls before; the clock
is where a test puts it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments.models import DeviceDeployment
from fleet.models import Device
from tests.api.hawkbit.ddi.callers import Controller, allow
from tests.api.hawkbit.ddi.making import assign

pytestmark = pytest.mark.django_db
NIGHTLY = {"schedule": "0 0 2 * * ?", "duration": "01:00:00", "timezone": "+01:00"}
BEFORE = "2026-03-27T12:00:00+00:00"
WORDS = {"forced": "forced", "soft": "attempt"}


class Frozen:
    """A clock that stands where it is put."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = datetime.fromisoformat(BEFORE)
        monkeypatch.setattr(timezone, "now", lambda: self.time)

    def at(self, text: str) -> None:
        self.time = datetime.fromisoformat(text)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Frozen:
    return Frozen(monkeypatch)


def told(box: Controller) -> dict[str, Any]:
    """What the device is told of how to go about it."""
    found: dict[str, Any] = box.get(box.links()["deploymentBase"]).json()["deployment"]
    return found


def handling(box: Controller) -> tuple[str, str, str]:
    found = told(box)
    return found["download"], found["update"], found.get("maintenanceWindow", "")


def sleep(box: Controller) -> int:
    text = box.get().json()["config"]["polling"]["sleep"]
    hours, minutes, seconds = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def assigned(
    device: Device, release: Release, window: dict[str, str] = NIGHTLY, **facts: Any
) -> DeviceDeployment:
    return assign(device, release, maintenance_window=window, **facts)


@pytest.mark.parametrize("action_type", WORDS)
def test_outside_of_it_a_device_downloads_and_inside_it_installs(
    device: Device, box: Controller, release: Release, clock: Frozen, action_type: str
) -> None:
    assigned(device, release, action_type=action_type)
    word = WORDS[action_type]
    clock.at("2026-03-28T01:59:59+01:00")
    assert handling(box) == (word, "skip", "unavailable")
    clock.at("2026-03-28T02:00:01+01:00")
    assert handling(box) == (word, word, "available")
    clock.at("2026-03-28T03:00:00+01:00")
    assert handling(box) == (word, "skip", "unavailable")


def test_without_one_it_installs_at_any_time(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    assign(device, release)
    assert handling(box) == ("forced", "forced", "")


def test_the_address_of_the_action_changes_as_it_opens(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    """So that a device that asks by the ETag of its last poll hears of it."""
    assigned(device, release)
    clock.at("2026-03-28T01:30:00+01:00")
    closed = box.get()
    clock.at("2026-03-28T02:30:00+01:00")
    opened = box.get(if_none_match=closed["ETag"])
    assert opened.status_code == 200
    assert closed.json()["_links"]["deploymentBase"] != opened.json()["_links"]["deploymentBase"]


def test_before_it_opens_the_device_calls_more_often(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    assigned(device, release)
    found = {}
    for minutes in (60, 15, 9, 3, 1, -1, -61):
        clock.time = datetime.fromisoformat("2026-03-28T02:00:00+01:00")
        clock.time -= timedelta(minutes=minutes)
        found[minutes] = sleep(box)
    assert found == {60: 300, 15: 300, 9: 180, 3: 60, 1: 30, -1: 300, -61: 300}


def test_how_many_calls_that_are_is_a_switch_of_the_organization(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    assigned(device, release)
    allow(device.organization, target_token_enabled=True, polling_time=3600, window_poll_count=10)
    clock.at("2026-03-28T01:50:00+01:00")
    assert sleep(box) == 60


def test_daylight_saving_does_not_move_it_in_utc(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    """Berlin's clocks go forward at 01:00 UTC on 29 March 2026: there it is an hour later then."""
    assigned(device, release)
    for night in ("2026-03-28", "2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26"):
        clock.at(f"{night}T00:59:59+00:00")
        assert handling(box)[2] == "unavailable"
        clock.at(f"{night}T01:30:00+00:00")
        assert handling(box)[2] == "available"
        clock.at(f"{night}T02:00:00+00:00")
        assert handling(box)[2] == "unavailable"


def test_one_on_a_leap_day_waits_for_it(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    leap = NIGHTLY | {"schedule": "0 0 2 29 2 ?", "timezone": "+00:00"}
    assigned(device, release, leap)
    for day in ("2027-02-28", "2027-03-01", "2028-02-28", "2028-03-01"):
        clock.at(f"{day}T02:30:00+00:00")
        assert handling(box)[1] == "skip"
    clock.at("2028-02-29T02:30:00+00:00")
    assert handling(box)[1] == "forced"


def test_one_shorter_than_the_poll_interval_is_hit_every_night(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    short = NIGHTLY | {"duration": "00:00:40"}
    assigned(device, release, short)
    allow(device.organization, target_token_enabled=True, polling_time=3600)
    nights = set()
    while clock.time < datetime.fromisoformat(BEFORE) + timedelta(days=4):
        if handling(box)[1] == "forced":
            nights.add(clock.time.date())
        clock.time += timedelta(seconds=sleep(box))
    assert len(nights) == 4


def test_what_never_opens_again_is_taken_back(
    device: Device, box: Controller, release: Release, clock: Frozen
) -> None:
    once = NIGHTLY | {"schedule": "0 0 2 28 3 ? 2026"}
    row = assigned(device, release, once)
    clock.at("2026-03-28T02:59:59+01:00")
    assert handling(box)[2] == "available"
    clock.at("2026-03-28T03:00:00+01:00")
    for _ in range(2):
        links = box.links()
        if "deploymentBase" in links:
            box.get(links["deploymentBase"])
    assert box.does() == "cancelAction"
    row.refresh_from_db()
    assert row.is_canceling
