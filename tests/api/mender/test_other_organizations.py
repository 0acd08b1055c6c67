"""Ids of another organization in bodies and queries reach nothing there."""

import pytest

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device
from tests.api.mender.callers import Person, error_of, person
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release


@pytest.fixture
def stranger(db: None) -> Device:
    return make_device(make_organization(), group="lab")


def test_their_devices_are_not_listed(admin: Person, stranger: Device) -> None:
    devices = "v2/devauth/devices"
    assert admin.get(f"{devices}?id={stranger.id}").json() == []
    assert admin.post(f"{devices}/search", {"id": str(stranger.id)}).json() == []
    assert admin.get(f"{devices}/count").json() == {"count": 0}
    assert admin.get("v1/inventory/devices").json() == []
    assert admin.get("v1/inventory/groups").json() == []


def test_their_deployments_are_neither_listed_nor_counted(admin: Person, stranger: Device) -> None:
    deployment = make_deployment(devices=[stranger])
    base = "v1/deployments/deployments"
    assert admin.get(base).json() == []
    error_of(admin.post(f"{base}/statistics/list", [str(deployment.id)]), 404)


def test_their_artifacts_are_neither_listed_nor_deployed(admin: Person, stranger: Device) -> None:
    release = make_artifact(make_release(stranger.organization, name="app")).release
    for path in [
        "artifacts",
        "artifacts/list",
        "deployments/releases",
        "deployments/releases/list",
    ]:
        assert admin.get(f"v1/deployments/{path}").json() == []
    body = {"name": "n", "artifact_name": release.name, "devices": ["1"]}
    error_of(admin.post("v1/deployments/deployments", body), 422)


def test_their_devices_are_but_unknown_names_to_a_deployment(
    admin: Person, stranger: Device
) -> None:
    make_artifact(make_release(admin.organization, name="app"))
    body = {"name": "n", "artifact_name": "app", "devices": [str(stranger.id)]}
    assert admin.post("v1/deployments/deployments", body).status_code == 201
    assert DeviceDeployment.objects.get().device is None
    assert admin.delete(f"v1/deployments/deployments/devices/{stranger.id}").status_code == 204


def test_taking_their_device_out_leaves_their_deployments_alone(
    admin: Person, stranger: Device
) -> None:
    make_deployment(devices=[stranger])
    admin.delete(f"v1/deployments/deployments/devices/{stranger.id}")
    assert DeviceDeployment.objects.get().is_open
    assert Deployment.objects.get().finished_at is None


def test_their_devices_join_no_group_of_ours(admin: Person, stranger: Device) -> None:
    path = "v1/inventory/groups/ours/devices"
    error_of(admin.call("PATCH", path, [str(stranger.id)]), 404)
    stranger.refresh_from_db()
    assert stranger.group == "lab"


def test_the_same_identity_may_live_in_two_organizations(admin: Person) -> None:
    other = person()
    for caller in (admin, other):
        make_device(caller.organization, identity={"mac": "1"})
        assert len(caller.get("v2/devauth/devices").json()) == 1
