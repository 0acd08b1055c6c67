"""Update control maps: kept, handed on to devices that take them, changed while they wait."""

from typing import Any

import pytest

from auditlog.models import AuditEntry
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, box, error_of
from tests.make import make_artifact, make_deployment, make_release

DEPLOYMENTS = "v1/deployments/deployments"
NEXT = "v2/deployments/device/deployments"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
PAUSE = {"Priority": 1, "States": {"ArtifactInstall_Enter": {"action": "pause"}}}
GO_ON = {"priority": 1, "states": {"ArtifactInstall_Enter": {"action": "force_continue"}}}
PROVIDES = {"artifact_name": "old", "device_type": "board"}


@pytest.fixture
def path(admin: Person, organization: Organization, device: Box) -> str:
    make_artifact(make_release(organization, name="os-2"))
    body = {
        "name": "held",
        "artifact_name": "os-2",
        "devices": [str(device.device.id)],
        "Update_Control_Map": PAUSE | {"ID": "anything"},
    }
    answer = admin.post(DEPLOYMENTS, body)
    location: str = answer.headers["Location"]
    return location.removeprefix("/api/management/")


def id_of(path: str) -> str:
    return path.rpartition("/")[2]


def ask(device: Box, path: str) -> Any:
    return device.get(f"{NEXT}/{id_of(path)}/update_control_map")


@pytest.mark.parametrize(
    ("said", "is_sent"),
    [({"update_control_map": True}, True), ({}, False), ({"update_control_map": False}, False)],
)
def test_only_who_takes_maps_gets_one(
    device: Box, path: str, said: dict[str, bool], is_sent: bool
) -> None:
    body = {"device_provides": PROVIDES, **said}
    for _ in range(2):
        offer = device.post(f"{NEXT}/next", body).json()
        sent = offer.get("update_control_map")
        assert sent == ({"id": id_of(path), **PAUSE} if is_sent else None)


def test_version_1_sends_none(device: Box, path: str) -> None:
    query = "artifact_name=old&device_type=board&update_control_map=true"
    offer = device.get(f"v1/deployments/device/deployments/next?{query}").json()
    assert "update_control_map" not in offer


def test_it_is_shown_and_asked_for_while_it_lasts(admin: Person, device: Box, path: str) -> None:
    kept = {"id": id_of(path), **PAUSE}
    assert admin.get(path).json()["update_control_map"] == kept
    error_of(ask(device, path), 404)
    device.poll()
    answer = ask(device, path)
    assert (answer.status_code, answer.json()) == (200, {"update_control_map": kept})
    device.report(id_of(path), "pause_before_installing")
    assert ask(device, path).status_code == 200
    assert admin.get(f"{path}/statistics").json()["pause_before_installing"] == 1
    device.report(id_of(path), "success")
    error_of(ask(device, path), 404)


def test_another_device_has_none(organization: Organization, device: Box, path: str) -> None:
    device.poll()
    error_of(ask(box(organization), path), 404)
    error_of(device.get(f"{NEXT}/none/update_control_map"), 400)


def test_an_abort_takes_it_away(admin: Person, device: Box, path: str) -> None:
    device.poll()
    admin.put(f"{path}/status", {"status": "aborted"})
    error_of(ask(device, path), 404)


def test_it_is_changed(admin: Person, device: Box, path: str) -> None:
    device.poll()
    answer = admin.call("PATCH", path, {"update_control_map": GO_ON})
    assert (answer.status_code, answer.content) == (204, b"")
    kept = {"id": id_of(path), **GO_ON}
    assert ask(device, path).json() == {"update_control_map": kept}
    assert admin.get(path).json()["update_control_map"] == kept
    entry = AuditEntry.objects.get(action="update", object_kind="deployment")
    assert (entry.object_id, entry.change) == (id_of(path), {"update_control_map": kept})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"update_control_map": None},
        {"update_control_map": "pause"},
        [],
        {"update_control_map": {"a": "x" * 65536}},
    ],
)
def test_what_is_no_map_is_refused(admin: Person, path: str, body: Any) -> None:
    error_of(admin.call("PATCH", path, body), 400)
    assert admin.get(path).json()["update_control_map"]["Priority"] == 1


def test_what_is_not_there_cannot_be_changed(
    admin: Person, organization: Organization, device: Box
) -> None:
    deployment = make_deployment(devices=[device.device])
    body = {"update_control_map": GO_ON}
    error_of(admin.call("PATCH", f"{DEPLOYMENTS}/{deployment.id}", body), 409)
    error_of(admin.call("PATCH", f"{DEPLOYMENTS}/{UNKNOWN}", body), 404)
    error_of(admin.call("PATCH", f"{DEPLOYMENTS}/mine", body), 400)
    device.poll()
    error_of(ask(device, f"{DEPLOYMENTS}/{deployment.id}"), 404)
