"""Jobs, whoever made them, as Digi's API tells of them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from api.digi.shapes.jobs import moment
from deployments.expiring import expire
from deployments.models import Deployment, DeviceDeployment
from deployments.planning import PhasePlan
from deployments.states import Cause, State
from deployments.stopping import take_back_left
from fleet.models import Organization
from tests.api.digi.callers import Digi, refused, told
from tests.api.digi.conftest import DeploymentMaker
from tests.api.mender.callers import Box, box
from tests.make import make_artifact, make_device, make_organization, make_release

KEYS = [
    *("id", "customer_id", "username", "job_type", "job_description", "status"),
    *("target_count", "success_count", "failure_count", "pending_count", "active_count"),
    *("submit_time", "start_time", "complete_time"),
]
COUNTS = ("pending_count", "active_count", "success_count", "failure_count")
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def counts(job: dict[str, int]) -> tuple[int, ...]:
    """Waiting, at it, done, failed: together they are all."""
    found = tuple(job[name] for name in COUNTS)
    assert sum(found) == job["target_count"]
    return found


def test_the_summary_says_where_things_are(digi: Digi) -> None:
    assert told(digi.get()) == {
        "bulk_uri": "/ws/v1/jobs/bulk",
        "cancel_uri": "/ws/v1/jobs/cancel",
        "inventory_uri": "/ws/v1/jobs/inventory",
    }


def test_a_job_that_nobody_has_asked_for(digi: Digi, job: DeploymentMaker) -> None:
    device = make_device(digi.organization, name="Router-A")
    release = make_release(digi.organization, name="os-2")
    release.version = "2.0.1"
    release.save()
    make_artifact(release)
    deployment = job(devices=[device], name="North", release=release)
    found = digi.job(deployment.number)
    targets = found.pop("targets")
    assert list(found) == KEYS[:-1]
    assert found | {"submit_time": "", "start_time": ""} == {
        "id": deployment.number,
        "customer_id": digi.organization.number,
        "username": "someone@example.com",
        "job_type": "firmware_update",
        "job_description": "North",
        "status": "in_progress",
        "target_count": 1,
        "success_count": 0,
        "failure_count": 0,
        "pending_count": 1,
        "active_count": 0,
        "submit_time": "",
        "start_time": "",
    }
    digits = device.id.hex.upper()
    device_id = f"{digits[:8]}-{digits[8:16]}-{digits[16:24]}-{digits[24:]}"
    assert targets == [
        {"device_id": device_id, "name": "Router-A", "status": "waiting", "version": "2.0.1"}
    ]


def test_times_are_utc_to_the_millisecond(digi: Digi, job: DeploymentMaker) -> None:
    deployment = job(devices=[make_device(digi.organization)])
    made_at = datetime.fromisoformat("2030-01-02T03:04:05.678999+02:00")
    Deployment.objects.filter(pk=deployment.pk).update(created_at=made_at)
    assert digi.job(deployment.number)["submit_time"] == "2030-01-02T01:04:05.678Z"


def test_a_scheduled_job_is_new_and_has_no_start(digi: Digi, job: DeploymentMaker) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    deployment = job(devices=[make_device(digi.organization)], phases=[PhasePlan(100, tomorrow)])
    found = digi.job(deployment.number)
    assert found["status"] == "new"
    assert "start_time" not in found
    assert "complete_time" not in found


@pytest.fixture
def boxes(organization: Organization) -> list[Box]:
    return [box(organization, device_type="board", software="old") for _ in range(3)]


@pytest.mark.django_db(transaction=True)
def test_counters_follow_the_devices(digi: Digi, job: DeploymentMaker, boxes: list[Box]) -> None:
    deployment = job(devices=[each.device for each in boxes])
    assert counts(digi.job(deployment.number)) == (3, 0, 0, 0)
    assert boxes[0].poll().status_code == 200
    found = digi.job(deployment.number)
    assert counts(found) == (2, 1, 0, 0)
    assert [each["status"] for each in found["targets"]] == ["starting", "waiting", "waiting"]
    boxes[0].report(deployment.id, "installing")
    target = digi.job(deployment.number)["targets"][0]
    assert target["status"] == "active"
    assert "end_time" not in target
    assert target["start_time"] > found["targets"][0]["start_time"] > found["submit_time"]
    boxes[0].report(deployment.id, "success")
    boxes[1].poll()
    boxes[1].report(deployment.id, "failure", substate="flash is full")
    found = digi.job(deployment.number)
    assert counts(found) == (1, 0, 1, 1)
    assert found["status"] == "in_progress"
    assert [each["status"] for each in found["targets"]] == ["successful", "failed", "waiting"]
    assert found["targets"][1]["error_message"]
    assert "error_message" not in found["targets"][0]
    boxes[2].poll()
    boxes[2].report(deployment.id, "success")
    found = digi.job(deployment.number)
    assert counts(found) == (0, 0, 2, 1)
    assert found["status"] == "completed"
    assert found["complete_time"] >= found["start_time"] >= found["submit_time"]


@pytest.mark.parametrize(
    ("facts", "status", "message"),
    [
        ({"state": State.SUCCESS}, "successful", ""),
        ({"state": State.ALREADY_INSTALLED}, "successful", ""),
        ({"state": State.FAILURE}, "failed", "The device reported a failure"),
        ({"state": State.FAILURE, "message": "no space"}, "failed", "no space"),
        ({"state": State.NO_ARTIFACT}, "failed", "No artifact fits this device"),
        ({"state": State.DECOMMISSIONED}, "failed", "The device was removed"),
        ({"state": State.ABORTED}, "canceled", "Stopped"),
        ({"state": State.ABORTED, "cause": Cause.EXPIRED}, "failed", "expired"),
    ],
)
def test_how_a_target_ended(
    digi: Digi, job: DeploymentMaker, facts: dict[str, str], status: str, message: str
) -> None:
    deployment = job(devices=[make_device(digi.organization)])
    rows = DeviceDeployment.objects.filter(deployment=deployment)
    rows.update(is_open=False, finished_at=timezone.now(), **facts)
    found = digi.job(deployment.number)
    target = found["targets"][0]
    assert (target["status"], target.get("error_message", "")) == (status, message)
    assert "end_time" in target
    assert counts(found)[2:] == ((1, 0) if status == "successful" else (0, 1))


def test_what_expired_counts_as_failed_before_anybody_writes_it(
    digi: Digi, job: DeploymentMaker
) -> None:
    deployment = job(devices=[make_device(digi.organization)])
    past = timezone.now() - timedelta(seconds=1)
    Deployment.objects.filter(pk=deployment.pk).update(expires_at=past)
    found = digi.job(deployment.number)
    assert counts(found) == (0, 0, 0, 1)
    assert found["status"] == "completed"
    assert found["targets"][0]["status"] == "failed"
    assert found["targets"][0]["error_message"] == "expired"
    assert found["targets"][0]["end_time"] == found["complete_time"] == moment(past)
    expire()
    assert digi.job(deployment.number)["targets"] == found["targets"]


def test_a_target_ended_when_its_job_was_stopped_whenever_that_is_written(
    digi: Digi, job: DeploymentMaker
) -> None:
    deployment = job(devices=[make_device(digi.organization)])
    past = timezone.now() - timedelta(minutes=1)
    this = Deployment.objects.filter(pk=deployment.pk)
    this.update(stop=Deployment.Stop.GRACEFUL, stopped_at=past)
    targets = digi.job(deployment.number)["targets"]
    assert (targets[0]["status"], targets[0]["end_time"]) == ("canceled", moment(past))
    take_back_left()
    assert not DeviceDeployment.objects.unfinished().exists()
    assert digi.job(deployment.number)["targets"] == targets


def test_a_device_that_nobody_knows_yet_waits(digi: Digi, job: DeploymentMaker) -> None:
    deployment = job(devices=["9c0bc2be-2de1-4a3b-bf1c-0b1b5f6c6b10"])
    assert digi.job(deployment.number)["targets"][0] | {"version": ""} == {
        "device_id": "9C0BC2BE-2DE14A3B-BF1C0B1B-5F6C6B10",
        "name": "9c0bc2be-2de1-4a3b-bf1c-0b1b5f6c6b10",
        "status": "waiting",
        "version": "",
    }


def test_a_thousand_targets_are_told_in_the_order_of_the_devices(
    digi: Digi, job: DeploymentMaker
) -> None:
    devices = [make_device(digi.organization, name=f"d{number}") for number in range(3)]
    deployment = job(devices=list(reversed(devices)))
    found = digi.job(deployment.number)
    assert [each["name"] for each in found["targets"]] == ["d0", "d1", "d2"]
    assert "targets_truncated" not in found
    DeviceDeployment.objects.bulk_create(
        DeviceDeployment(deployment=deployment, device_ref=f"ref-{number}") for number in range(998)
    )
    found = digi.job(deployment.number)
    assert found["target_count"] == 1001
    assert len(found["targets"]) == 1000
    assert [each["name"] for each in found["targets"][:3]] == ["d0", "d1", "d2"]
    assert found["targets_truncated"] is True


def test_the_inventory_has_the_same_job(digi: Digi, job: DeploymentMaker) -> None:
    number = job(devices=[make_device(digi.organization)]).number
    assert told(digi.get(f"/inventory/{number}")) == digi.job(number)


@pytest.mark.parametrize(
    "job_id", ["4711", "0", "-1", "1.0", "seventeen", "99999999999999999999", "1_0", "١", "17/"]
)
def test_what_is_no_job_is_not_found(digi: Digi, job_id: str) -> None:
    refused(digi.get(f"/{job_id}"), 404)
    refused(digi.get(f"/inventory/{job_id}"), 404)


def test_another_account_has_its_own_number(digi: Digi, job: DeploymentMaker) -> None:
    make_organization()
    number = job(devices=[make_device(digi.organization)]).number
    assert digi.job(number)["customer_id"] == digi.organization.number


def test_a_configuration_is_a_job_of_its_own_type(digi: Digi) -> None:
    device = make_device(digi.organization)
    deployment = Deployment.objects.create(
        organization=digi.organization,
        name="settings",
        kind=Deployment.Kind.CONFIGURATION,
        configuration={"timezone": "UTC"},
        release_name="settings",
        target=Deployment.Target.DEVICES,
        size=1,
        request_digest="x",
        created_by="somebody@example.com",
    )
    DeviceDeployment.objects.create(
        deployment=deployment, device=device, device_ref=str(device.id), device_name="d"
    )
    found = digi.job(deployment.number)
    assert found["job_type"] == "configuration"
    assert "version" not in found["targets"][0]


def test_a_job_is_read_with_few_queries(
    digi: Digi, job: DeploymentMaker, django_assert_max_num_queries: object
) -> None:
    deployment = job(devices=[make_device(digi.organization) for _ in range(20)])
    digi.job(deployment.number)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        digi.job(deployment.number)
