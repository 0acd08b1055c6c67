"""The devices of a deployment: who has asked, in what state, and who is taken out."""

import tracemalloc
from uuid import UUID

import pytest

from fleet.models import Organization
from tests.api.mender.callers import Box, Person, box, error_of
from tests.make import make_deployment, upload_artifact

DEPLOYMENTS = "v1/deployments/deployments"


def test_only_devices_that_asked_are_shown(
    admin: Person, organization: Organization, device: Box
) -> None:
    artifact = upload_artifact(organization)
    deployment = make_deployment(devices=[device.device, "2"], release=artifact.release)
    path = f"{DEPLOYMENTS}/{deployment.id}/devices"
    assert admin.get(path).json() == admin.get(f"{path}/list").json() == []
    device.poll()
    [shown] = admin.get(path).json()
    assert shown.pop("image")["id"] == str(artifact.id)
    assert shown.pop("created") == admin.get(f"{DEPLOYMENTS}/{deployment.id}").json()["created"]
    assert shown == {
        "id": str(device.device.id),
        "status": "pending",
        "state": "pending",
        "device_type": "board",
        "log": False,
        "attempts": 1,
        "retries": 0,
    }
    device.report(deployment.id, "installing", substate="foo")
    device.report(deployment.id, "success")
    [shown] = admin.get(path).json()
    assert shown["finished"] >= shown["started"]
    assert (shown["status"], shown["substate"]) == ("success", "foo")


@pytest.fixture
def deployment_id(organization: Organization) -> UUID:
    """Four devices: one installs, one is paused, one is done, one has not asked."""
    boxes = [box(organization) for _ in range(3)]
    deployment = make_deployment(devices=[*(each.device for each in boxes), "x"])
    words = ["installing", "pause_before_rebooting", "success"]
    for each, word in zip(boxes, words, strict=True):
        each.poll()
        each.report(deployment.id, word)
    return deployment.id


@pytest.mark.parametrize(
    ("status", "count"),
    [
        ("installing", 1),
        ("pause_before_rebooting", 1),
        ("pause", 1),
        ("active", 2),
        ("finished", 1),
        ("success", 1),
        ("pending", 0),
        ("noartifact", 0),
        ("", 3),
    ],
)
def test_the_list_narrows_by_status(
    admin: Person, deployment_id: UUID, status: str, count: int
) -> None:
    answer = admin.get(f"{DEPLOYMENTS}/{deployment_id}/devices/list?status={status}&per_page=1")
    assert answer.headers["X-Total-Count"] == str(count)
    assert len(answer.json()) == min(1, count)


def test_an_unknown_status_is_refused(admin: Person, deployment_id: UUID) -> None:
    error_of(admin.get(f"{DEPLOYMENTS}/{deployment_id}/devices/list?status=x"), 400)


def test_an_abort_shows_who_never_asked(admin: Person, deployment_id: UUID) -> None:
    path = f"{DEPLOYMENTS}/{deployment_id}"
    admin.put(f"{path}/status", {"status": "aborted"})
    shown = {each["id"]: each["status"] for each in admin.get(f"{path}/devices").json()}
    assert shown["x"] == "aborted"
    assert sorted(shown.values()) == ["aborted", "aborted", "aborted", "success"]


def test_the_list_without_pages_holds_few_rows_at_once(admin: Person, device: Box) -> None:
    many = [device.device, *(f"device-{n}" for n in range(2500))]
    deployment = make_deployment(device.device.organization, devices=many)
    path = f"{DEPLOYMENTS}/{deployment.id}"
    admin.put(f"{path}/status", {"status": "aborted"})
    tracemalloc.start()
    answer = admin.get(f"{path}/devices")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(answer.json()) == len(many)
    assert peak < 3 * len(answer.content) + 5_000_000


def test_a_device_is_taken_out_of_everything(admin: Person, device: Box) -> None:
    first, second = (make_deployment(devices=[device.device, "x"]) for _ in range(2))
    assert device.poll().json()["id"] == str(first.id)
    path = f"{DEPLOYMENTS}/devices/{device.device.id}"
    assert admin.delete(path).status_code == 204
    assert device.poll().status_code == 204
    error_of(device.report(first.id, "success"), 409)
    for deployment in (first, second):
        [shown] = admin.get(f"{DEPLOYMENTS}/{deployment.id}/devices").json()
        assert shown["status"] == "aborted"
    assert admin.delete(path).status_code == 204
    assert admin.delete(f"{DEPLOYMENTS}/devices/nobody").status_code == 204
