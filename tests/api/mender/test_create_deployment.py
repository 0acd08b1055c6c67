"""A deployment is asked for."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.models import Deployment
from fleet.models import Organization
from tests.api.mender.callers import Person
from tests.make import make_artifact, make_device, make_release

DEPLOYMENTS = "v1/deployments/deployments"
BODY = {"name": "production", "artifact_name": "Application 0.0.1", "devices": ["1"]}


@pytest.fixture(autouse=True)
def release(organization: Organization) -> Release:
    return make_artifact(make_release(organization, name="Application 0.0.1")).release


def without(*names: str, **facts: Any) -> dict[str, Any]:
    return {name: value for name, value in (BODY | facts).items() if name not in names}


def test_it_answers_where_the_deployment_is(admin: Person, organization: Organization) -> None:
    device = make_device(organization)
    answer = admin.post(DEPLOYMENTS, without(devices=[str(device.id), "some name 3"]))
    assert (answer.status_code, answer.content) == (201, b"")
    location = answer.headers["Location"]
    assert location == f"/api/management/{DEPLOYMENTS}/{Deployment.objects.get().id}"
    listed = admin.get(f"{location.removeprefix('/api/management/')}/device_list").json()
    assert sorted(listed) == sorted([str(device.id), "some name 3"])


def test_all_accepted_devices_or_a_group(admin: Person, organization: Organization) -> None:
    inside, outside = make_device(organization, group="lab"), make_device(organization)
    make_device(organization, status="pending", group="lab")
    every = admin.post(DEPLOYMENTS, without("devices", all_devices=True))
    group = admin.post(f"{DEPLOYMENTS}/group/lab", without("devices", devices=[]))

    def of(answer: Any) -> tuple[list[str], list[str]]:
        path = answer.headers["Location"].removeprefix("/api/management/")
        return admin.get(f"{path}/device_list").json(), admin.get(path).json()["groups"]

    assert of(every) == ([str(inside.id), str(outside.id)], [])
    assert of(group) == ([str(inside.id)], ["lab"])


def test_phases_and_options_are_kept(admin: Person) -> None:
    starts = ["2030-07-06T15:04:49.114046203+02:00", "2030-07-06T16:04:49.114046203+02:00"]
    phases = [
        {"batch_size": 10, "start_ts": starts[0]},
        {"Batch_Size": 20, "start_ts": starts[1]},
        {"start_ts": starts[1]},
    ]
    devices = [str(number) for number in range(25)]
    options = {"retries": 3, "force_installation": True, "something": "unknown"}
    answer = admin.post(DEPLOYMENTS, without(phases=phases, devices=devices, **options))
    shown = admin.get(answer.headers["Location"].removeprefix("/api/management/")).json()
    assert (shown["status"], shown["retries"]) == ("scheduled", 3)
    assert shown["force_installation"] is True
    assert [phase["batch_size"] for phase in shown["phases"]] == [10, 20, 70]
    assert [phase["device_count"] for phase in shown["phases"]] == [0, 0, 0]
    assert shown["phases"][0]["start_ts"] == "2030-07-06T13:04:49.114Z"


@pytest.mark.parametrize(
    "phases",
    [None, [], [{}], [{"start_ts": "0001-01-01T00:00:00Z"}], [{"batch_size": 100}]],
)
def test_one_phase_may_be_said_in_many_ways(admin: Person, phases: Any) -> None:
    assert admin.post(DEPLOYMENTS, without(phases=phases)).status_code == 201
