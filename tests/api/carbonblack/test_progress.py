"""The numbers of a job while its sensors poll and report, in whatever language they speak."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.expiring import expire
from deployments.models import Deployment
from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import (
    NEW,
    OLD,
    calling,
    counts,
    created,
    make_kit,
    make_version,
    sensor,
    sensors_of,
    shown,
)
from tests.api.hawkbit.ddi.callers import Controller, controller, downloads
from tests.api.mender.callers import Box, person
from tests.make import make_target

pytestmark = pytest.mark.django_db(transaction=True)
NEVER = "-999999999-01-01T00:00:00.000Z"


@pytest.fixture
def kit(organization: Organization) -> Organization:
    make_kit(organization)
    make_version(organization)
    return organization


@pytest.fixture
def box(kit: Organization) -> Box:
    return calling(kit, "box")


@pytest.fixture
def speaker(kit: Organization) -> Controller:
    """A device that speaks hawkBit's language."""
    facts: dict[str, Any] = {"kit_type": "MAC", "sensor_version": OLD, "device_type": "board"}
    found = controller(make_target(kit, "speaker", **facts))
    said = {"data": {"device_type": "board", "sensor_version": OLD}}
    assert found.put("configData", said).status_code == 200
    return found


def only(script: CarbonBlack, job: dict[str, Any]) -> dict[str, Any]:
    (found,) = sensors_of(script, job)
    return found


def test_a_sensor_that_updates_over_menders_api(script: CarbonBlack, box: Box) -> None:
    job = created(script)
    assert box.poll("old").json()["id"] == job["id"]
    assert counts(shown(script, job)) == "IN_PROGRESS 0 0 1 0 0%"
    begun = only(script, job)
    assert (begun["status"], begun["current_version"], begun["update_version"]) == (
        "IN_PROGRESS",
        OLD,
        NEW,
    )
    assert begun["start_time"] != NEVER
    assert (begun["update_time"], begun["reason"]) == (NEVER, "")

    box.report(job["id"], "downloading")
    box.report(job["id"], "installing")
    assert counts(shown(script, job)) == "IN_PROGRESS 0 0 1 0 0%"
    box.report(job["id"], "pause_before_rebooting")
    assert only(script, job)["reason"] == "Paused before rebooting"

    box.report(job["id"], "success")
    done = shown(script, job)
    assert counts(done) == "COMPLETED 1 0 0 0 100%"
    assert done["end_time"] >= done["start_time"]
    # What ran before the update stays what it was.
    assert done["current_sensor_versions"] == {"MAC": {OLD: 1}}
    last = only(script, job)
    assert (last["status"], last["reason"], last["current_version"]) == ("SUCCESSFUL", "", OLD)
    assert last["start_time"] < last["update_time"]


def test_a_sensor_that_updates_over_hawkbits_api(script: CarbonBlack, speaker: Controller) -> None:
    job = created(script)
    assert job["current_sensor_versions"] == {"MAC": {OLD: 1}}
    action = speaker.links()["deploymentBase"].split("?")[0]
    assert counts(shown(script, job)) == "IN_PROGRESS 0 1 0 0 0%"
    (file,) = downloads(speaker.get(action).json())
    speaker.get(file).close()
    assert counts(shown(script, job)) == "IN_PROGRESS 0 0 1 0 0%"
    assert speaker.say(action, "proceeding") == 200
    assert only(script, job)["status"] == "IN_PROGRESS"
    action = speaker.links()["deploymentBase"].split("?")[0]
    assert speaker.say(action, "closed", "failure", details=["no space", "gave up"]) == 200
    done = shown(script, job)
    assert counts(done) == "COMPLETED 0 0 0 1 100%"
    assert done["failed_sensor_counts"]["FAILURE_UNKNOWN"] == 1
    failed = only(script, job)
    assert failed["status"] == "FAILURE_UNKNOWN"
    assert "gave up" in failed["reason"]


def test_who_fails_without_a_word(script: CarbonBlack, box: Box) -> None:
    job = created(script)
    box.poll("old")
    box.report(job["id"], "failure")
    assert only(script, job)["reason"] == "The device reported a failure"


def test_who_has_it_already(script: CarbonBlack, box: Box) -> None:
    job = created(script)
    assert box.poll(f"sensor-{NEW}").status_code == 204
    told = only(script, job)
    assert (told["status"], told["reason"]) == (
        "SUCCESSFUL",
        "Already at the requested version",
    )
    assert told["update_version"] == NEW
    assert counts(shown(script, job)) == "COMPLETED 1 0 0 0 100%"


def test_for_whom_nothing_fits(script: CarbonBlack, box: Box) -> None:
    job = created(script)
    assert box.poll("old", "another-board").status_code == 204
    told = only(script, job)
    assert (told["status"], told["reason"], told["update_version"], told["start_time"]) == (
        "FAILURE_NO_DATA_FOUND",
        "No artifact fits this device",
        "",
        NEVER,
    )
    assert told["update_time"] != NEVER


def test_a_stop_lets_go_on_who_has_begun(script: CarbonBlack, box: Box, kit: Organization) -> None:
    waiting = sensor(kit, "waiting")
    job = created(script)
    box.poll("old")
    box.report(job["id"], "downloading")
    assert script.delete(f"/{job['id']}").status_code == 204
    stopped = shown(script, job)
    assert counts(stopped) == "CANCELLED 0 0 1 1 50%"
    by_id = {each["device_id"]: each for each in sensors_of(script, job)}
    left = by_id[waiting.number]
    assert (left["status"], left["reason"]) == ("FAILURE_STOPPED", "Stopped by ABCD123456")
    assert (left["start_time"], left["update_version"]) == (NEVER, "")
    assert left["update_time"][:23] == stopped["end_time"][:23]

    assert box.report(job["id"], "installing").status_code == 204
    assert box.report(job["id"], "success").status_code == 204
    done = shown(script, job)
    assert counts(done) == "CANCELLED 1 0 0 1 100%"
    assert done["end_time"] == stopped["end_time"]


def test_a_forced_abort_over_menders_api(script: CarbonBlack, box: Box, kit: Organization) -> None:
    job = created(script)
    box.poll("old")
    box.report(job["id"], "installing")
    mender = person(kit)
    aborted = mender.put(f"v1/deployments/deployments/{job['id']}/status", {"status": "aborted"})
    assert aborted.status_code == 204
    told = only(script, job)
    assert told["status"] == "FAILURE_STOPPED"
    assert told["reason"].startswith("Aborted by ")
    assert told["reason"].endswith(" while updating")
    assert counts(shown(script, job)) == "CANCELLED 0 0 0 1 100%"
    assert box.report(job["id"], "success").status_code == 409


def test_who_does_not_come_in_time(script: CarbonBlack, box: Box, kit: Organization) -> None:
    """By the clock, before anybody writes it down, and the same after."""
    sensor(kit, "late")
    job = created(script)
    box.poll("old")
    box.report(job["id"], "downloading")
    this = Deployment.objects.filter(id=job["id"])
    until = timezone.now() - timedelta(minutes=1)
    this.update(expires_at=until)
    before = (shown(script, job), sensors_of(script, job))
    assert counts(before[0]) == "IN_PROGRESS 0 0 1 1 50%"
    assert before[0]["failed_sensor_counts"]["FAILURE_EXPIRED"] == 1
    late = before[1][1]
    assert (late["status"], late["reason"]) == (
        "FAILURE_EXPIRED",
        f"Not updated before {until:%Y-%m-%dT%H:%M:%SZ}",
    )
    assert late["update_time"] == f"{until:%Y-%m-%dT%H:%M:%S.%f}"[:23] + "Z"
    expire()
    assert (shown(script, job), sensors_of(script, job)) == before

    this.update(expires_at=timezone.now() - timedelta(days=1, minutes=1))
    assert counts(shown(script, job)) == "COMPLETED 0 0 0 2 100%"


def test_a_device_that_is_removed(script: CarbonBlack, box: Box, kit: Organization) -> None:
    job = created(script)
    mender = person(kit)
    removed = mender.delete(f"v2/devauth/devices/{box.device.id}")
    assert removed.status_code == 204
    told = only(script, job)
    assert (told["status"], told["reason"], told["device_name"]) == (
        "FAILURE_EJECTED",
        "The device was removed",
        "box",
    )
    assert counts(shown(script, job)) == "COMPLETED 0 0 0 1 100%"


def test_percent_is_rounded_down(script: CarbonBlack, kit: Organization) -> None:
    boxes = [calling(kit, f"box {number}") for number in range(3)]
    job = created(script)
    for each in boxes[:2]:
        each.poll("old")
        each.report(job["id"], "success")
    assert counts(shown(script, job)) == "IN_PROGRESS 2 1 0 0 66%"


def test_kits_get_a_version_each(script: CarbonBlack, kit: Organization) -> None:
    make_kit(kit, "UBUNTU", device_type="ub")
    make_version(kit, "2.2", device_types=("ub",))
    mac = calling(kit, "mac")
    ubuntu = calling(kit, "ub", kit_type="UBUNTU", device_type="ub", version="2.1")
    job = created(script, options={"sensor_version": {"MAC": NEW, "UBUNTU": "2.2"}})
    assert job["sensor_versions"] == {"MAC": NEW, "UBUNTU": "2.2"}
    assert job["current_sensor_versions"] == {"MAC": {OLD: 1}, "UBUNTU": {"2.1": 1}}
    assert mac.poll("old").json()["artifact"]["artifact_name"] == f"sensor-{NEW}"
    assert ubuntu.poll("old", "ub").json()["artifact"]["artifact_name"] == "sensor-2.2"
    versions = [each["update_version"] for each in sensors_of(script, job)]
    assert versions == [NEW, "2.2"]
