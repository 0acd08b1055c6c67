"""A rollout that was made over hawkBit's API, as Mender's API shows it."""

from typing import Any

import pytest
from django.utils import timezone

from deployments.models import Deployment
from deployments.states import State
from fleet.models import Device, Organization
from tests.api.mender.callers import Person
from tests.deployments.groups import make_rollout
from tests.make import make_device

DEPLOYMENTS = "v1/deployments/deployments"


@pytest.fixture
def devices(organization: Organization) -> list[Device]:
    return [make_device(organization, device_type="board") for _ in range(4)]


def shown(admin: Person, deployment: Deployment) -> Any:
    answer = admin.get(f"{DEPLOYMENTS}/{deployment.id}")
    assert answer.status_code == 200
    return answer.json()


def test_groups_are_phases_without_a_time_until_they_open(
    admin: Person, devices: list[Device]
) -> None:
    told = shown(admin, make_rollout(devices[:1], devices[1:]))
    first, second = told["phases"]
    assert (first["batch_size"], second["batch_size"]) == (25, 75)
    assert "start_ts" in first
    assert "start_ts" not in second
    assert (told["status"], told["statistics"]["status"]["pending"]) == ("pending", 4)


def test_one_that_was_not_started_is_scheduled(admin: Person, devices: list[Device]) -> None:
    deployment = make_rollout(devices, opened=0, approval="waiting")
    assert shown(admin, deployment)["status"] == "scheduled"
    listed = admin.get("v2/deployments/deployments?status=scheduled").json()
    assert [each["id"] for each in listed] == [str(deployment.id)]


def test_who_was_to_download_only_and_did_has_succeeded(
    admin: Person, devices: list[Device]
) -> None:
    deployment = make_rollout(devices, action_type="downloadonly")
    deployment.device_deployments.update(
        state=State.DOWNLOADED, is_open=False, finished_at=timezone.now()
    )
    path = f"{DEPLOYMENTS}/{deployment.id}"
    counters = admin.get(f"{path}/statistics").json()
    assert counters["success"] == 4
    assert sum(counters.values()) == 4
    for query in ("", "?status=success", "?status=finished"):
        listed = admin.get(f"{path}/devices/list{query}").json()
        assert [each["status"] for each in listed] == ["success"] * 4


def test_one_that_is_archived_is_in_no_list_and_no_history(
    admin: Person, devices: list[Device]
) -> None:
    deployment = make_rollout(devices)
    now = timezone.now()
    deployment.device_deployments.update(state="failure", is_open=False, finished_at=now)
    history = f"v1/deployments/deployments/devices/{devices[0].id}"
    assert len(admin.get(history).json()) == 1
    Deployment.objects.update(archived_at=now, finished_at=now)
    assert admin.get(history).json() == []
    assert admin.get("v2/deployments/deployments").json() == []
    assert admin.get(f"{DEPLOYMENTS}/{deployment.id}").status_code == 404
