"""Deployments are shown, counted and aborted."""

from typing import Any

from deployments.models import Deployment
from deployments.planning import PhasePlan
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, error_of
from tests.make import make_artifact, make_deployment, make_release

DEPLOYMENTS = "v1/deployments/deployments"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
COUNTERS = {
    "success",
    "pending",
    "downloading",
    "rebooting",
    "installing",
    "failure",
    "noartifact",
    "already-installed",
    "aborted",
    "pause_before_installing",
    "pause_before_rebooting",
    "pause_before_committing",
    "decommissioned",
}


def test_a_deployment_looks_as_documented(admin: Person, organization: Organization) -> None:
    artifact = make_artifact(make_release(organization, name="app"))
    deployment = make_deployment(
        organization, release=artifact.release, devices=["1", "2"], name="production"
    )
    shown = admin.get(f"{DEPLOYMENTS}/{deployment.id}").json()
    assert shown.pop("created").endswith("Z")
    statistics = shown.pop("statistics")
    assert statistics["total_size"] == 0
    assert statistics["status"] == dict.fromkeys(COUNTERS, 0) | {"pending": 2}
    assert shown == {
        "id": str(deployment.id),
        "name": "production",
        "artifact_name": "app",
        "status": "pending",
        "type": "software",
        "device_count": 0,
        "max_devices": 2,
        "initial_device_count": 2,
        "artifacts": [str(artifact.id)],
        "groups": [],
        "retries": 0,
        "force_installation": False,
        "dynamic": False,
    }


def test_it_moves_with_its_devices(
    admin: Person, device: Box, django_capture_on_commit_callbacks: Any
) -> None:
    artifact = make_artifact(make_release(device.device.organization), size=123456)
    deployment = make_deployment(
        devices=[device.device, "2"], release=artifact.release, phases=[PhasePlan()]
    )
    path = f"{DEPLOYMENTS}/{deployment.id}"
    device.poll()
    shown = admin.get(path).json()
    assert (shown["device_count"], shown["status"]) == (1, "pending")
    assert shown["statistics"]["total_size"] == 123456
    assert shown["phases"][0]["device_count"] == 1
    device.report(deployment.id, "installing")
    assert admin.get(path).json()["status"] == "inprogress"
    assert admin.get(f"{path}/statistics").json()["installing"] == 1
    device.report(deployment.id, "success")
    assert admin.get(path).json()["status"] == "inprogress"
    with django_capture_on_commit_callbacks(execute=True):
        admin.delete(f"{DEPLOYMENTS}/devices/2")
    shown = admin.get(path).json()
    assert (shown["status"], "finished" in shown) == ("finished", True)


def test_statistics_of_several(admin: Person, organization: Organization) -> None:
    one, two = (make_deployment(organization, devices=["1"]) for _ in range(2))
    ids = [str(two.id), UNKNOWN, str(one.id), str(one.id)]
    for body in [ids, {"deployment_ids": ids}]:
        shown = admin.post(f"{DEPLOYMENTS}/statistics/list", body).json()
        assert [each["id"] for each in shown] == [str(two.id), str(one.id)]
        assert shown[0]["stats"] == dict.fromkeys(COUNTERS, 0) | {"pending": 1}
    error_of(admin.post(f"{DEPLOYMENTS}/statistics/list", [UNKNOWN]), 404)
    for body in [None, {}, "x", ["x"], [1], {"deployment_ids": {}}, [UNKNOWN] * 101]:
        error_of(admin.post(f"{DEPLOYMENTS}/statistics/list", body), 400)


def test_an_abort_ends_it_once(admin: Person, organization: Organization) -> None:
    deployment = make_deployment(organization, devices=["1"])
    path = f"{DEPLOYMENTS}/{deployment.id}/status"
    for body in [{"status": "finished"}, {}, {"status": None}, []]:
        error_of(admin.put(path, body), 400)
    assert admin.put(path, {"status": "aborted"}).status_code == 204
    assert error_of(admin.put(path, {"status": "aborted"}), 422) == "Deployment already finished"
    assert Deployment.objects.get().aborted_at
    assert admin.get(f"{DEPLOYMENTS}/{deployment.id}/statistics").json()["aborted"] == 1


def test_what_is_unknown_is_not_found(admin: Person) -> None:
    for path in ["", "/statistics", "/devices", "/devices/list", "/devices/1/log"]:
        error_of(admin.get(f"{DEPLOYMENTS}/{UNKNOWN}{path}"), 404)
        error_of(admin.get(f"{DEPLOYMENTS}/none{path}"), 404)
    error_of(admin.get(f"{DEPLOYMENTS}/{UNKNOWN}/device_list"), 404)
    error_of(admin.get(f"{DEPLOYMENTS}/none/device_list"), 400)
    error_of(admin.put(f"{DEPLOYMENTS}/{UNKNOWN}/status", {"status": "aborted"}), 404)
    error_of(admin.put(f"{DEPLOYMENTS}/none/status", {"status": "aborted"}), 400)
