"""What makes no sense as a deployment is refused with the documented words."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.models import Deployment
from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_artifact, make_device, make_release

DEPLOYMENTS = "v1/deployments/deployments"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
BODY = {"name": "production", "artifact_name": "Application 0.0.1", "devices": ["1"]}


@pytest.fixture(autouse=True)
def release(organization: Organization) -> Release:
    return make_artifact(make_release(organization, name="Application 0.0.1")).release


def without(*names: str, **facts: Any) -> dict[str, Any]:
    return {name: value for name, value in (BODY | facts).items() if name not in names}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (without("devices"), "provide list of devices or set all_devices flag"),
        (without(devices=[], all_devices=False), "provide list of devices or set all_devices"),
        (without(all_devices=True), "list of devices provided togheter with all_devices flag"),
        (without("name"), "name: the length"),
        (without(name="x" * 257), "name: the length"),
        (without(name=5), "name: must be a text"),
        (without("artifact_name"), "artifact_name: the length"),
        (without(artifact_name="x" * 4097), "artifact_name: the length"),
        (without(devices="1"), "devices: must be a list"),
        (without(devices=[""]), "devices: each must be"),
        (without(devices=[1]), "devices: each must be"),
        (without(devices=["x" * 257]), "device id"),
        (without("devices", all_devices="yes"), "all_devices: must be"),
        (without(retries=-1), ""),
        (without(retries=1.5), "retries: must be an integer"),
        (without(retries=True), "retries: must be an integer"),
        (without(phases={}), "phases: must be a list"),
        (without(phases=[1]), "phases: each must be an object"),
        (without(phases=[{"batch_size": "5"}]), "batch_size: must be an integer"),
        (without(phases=[{"batch_size": 0}, {}]), ""),
        (without(phases=[{"batch_size": 60}, {"batch_size": 60}]), ""),
        (without(phases=[{"start_ts": "soon"}]), "start_ts: not an RFC 3339 time"),
        (without(phases=[{"start_ts": 17}]), "start_ts: not an RFC 3339 time"),
        (without(update_control_map=[1]), "update_control_map: must be an object"),
        (without(update_control_map={"states": "x" * 65536}), "up to 64 KiB"),
        (without(max_devices=5), "Only a deployment by filter"),
        (without(filter_id=UNKNOWN), "filter_id provided together"),
        (without("devices", filter_id=UNKNOWN), "no such filter"),
        (without("devices", filter_id="mine"), "filter_id: must be a valid UUID"),
        (without("devices", filter_id=7), "filter_id: must be a text"),
        ([], "not a JSON object"),
    ],
)
def test_what_makes_no_sense_is_refused(admin: Person, body: Any, text: str) -> None:
    said = error_of(admin.post(DEPLOYMENTS, body), 400)
    assert said.startswith("Validating request body: ")
    assert text in said
    assert not Deployment.objects.exists()


def test_a_phase_of_nobody_is_refused(admin: Person) -> None:
    later = "2030-07-06T15:04:49Z"
    phases = [{"batch_size": 20}, {"batch_size": 40, "start_ts": later}]
    phases += [{"batch_size": 5, "start_ts": later}, {"start_ts": later}]
    devices = [str(number) for number in range(11)]
    said = error_of(admin.post(DEPLOYMENTS, without(phases=phases, devices=devices)), 400)
    assert "Attempt to create a batch with zero devices not allowed" in said
    assert "Batch: (3) will be empty" in said


def test_a_group_takes_no_other_targets(admin: Person, organization: Organization) -> None:
    make_device(organization, group="lab")
    for facts in [{"devices": ["1"]}, {"devices": [], "all_devices": True}]:
        said = error_of(admin.post(f"{DEPLOYMENTS}/group/lab", BODY | facts), 400)
        assert "should have neither list of devices nor all_devices flag set" in said


def test_nobody_to_deploy_to_is_refused(admin: Person) -> None:
    for path, body in [
        (f"{DEPLOYMENTS}/group/lab", without("devices")),
        (DEPLOYMENTS, without("devices", all_devices=True)),
    ]:
        assert error_of(admin.post(path, body), 400) == "No devices for the deployment"


def test_no_artifact_of_that_name(admin: Person) -> None:
    answer = admin.post(DEPLOYMENTS, without(artifact_name="nothing"))
    assert error_of(answer, 422) == "No artifact for the deployment"


def test_the_same_twice_conflicts_while_it_runs(admin: Person) -> None:
    path = admin.post(DEPLOYMENTS, BODY).headers["Location"].removeprefix("/api/management/")
    said = error_of(admin.post(DEPLOYMENTS, BODY), 409)
    assert "there is already an active deployment with the same parameters" in said
    assert admin.post(DEPLOYMENTS, without(name="another")).status_code == 201
    admin.put(f"{path}/status", {"status": "aborted"})
    assert admin.post(DEPLOYMENTS, BODY).status_code == 201


def test_a_group_is_not_given_the_same_twice_either(
    admin: Person, organization: Organization
) -> None:
    make_device(organization, group="lab")
    path, body = f"{DEPLOYMENTS}/group/lab", without("devices")
    assert admin.post(path, body).status_code == 201
    error_of(admin.post(path, body), 409)
    error_of(admin.post(path, {**body, "artifact_name": "nothing"}), 422)
