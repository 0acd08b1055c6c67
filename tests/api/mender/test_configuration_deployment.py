"""A configuration is brought to its device by a deployment of its own."""

from io import BytesIO
from typing import Any

import pytest

from artifacts.formats.mender import read_mender
from auditlog.models import AuditEntry
from tests.api.mender.callers import Box, Person, error_of
from tests.api.mender.configuring import MINE, WANTED, deployed, fetched, offered, path

DEPLOYMENTS = "v1/deployments/deployments"


def test_from_the_wish_to_the_report(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    deployment = deployed(admin, device)
    assert admin.get(path(device)).json()["deployment_id"] == deployment
    offer = device.poll(artifact_name="base").json()
    assert (offer["id"], offer["artifact"]["artifact_name"]) == (
        deployment,
        f"configuration-{deployment}",
    )
    parsed = read_mender(BytesIO(fetched(offer["artifact"]["source"]["uri"]).content))
    assert parsed.name == f"configuration-{deployment}"
    assert parsed.payloads[0].metadata == WANTED
    assert device.report(deployment, "installing").status_code == 204
    assert device.report(deployment, "success").status_code == 204
    device.put(MINE, WANTED)
    assert device.poll(artifact_name="base").status_code == 204
    assert admin.get(path(device)).json()["reported"] == WANTED
    assert admin.get(f"{DEPLOYMENTS}/{deployment}").json()["status"] == "finished"


def test_the_deployment_is_one_of_a_configuration(admin: Person, device: Box) -> None:
    deployment = deployed(admin, device, {"retries": 3})
    shown = admin.get(f"{DEPLOYMENTS}/{deployment}").json()
    assert shown["type"] == "configuration"
    assert shown["name"] == shown["artifact_name"] == f"configuration-{deployment}"
    assert (shown["retries"], shown["initial_device_count"]) == (3, 1)
    assert admin.get(f"{DEPLOYMENTS}?type=configuration").json()[0]["id"] == deployment


def test_it_brings_what_was_set_when_it_was_made(admin: Person, device: Box) -> None:
    admin.put(path(device), WANTED)
    deployed(admin, device)
    admin.put(path(device), {"later": "1"})
    parsed = read_mender(BytesIO(fetched(offered(device)).content))
    assert parsed.payloads[0].metadata == WANTED


def test_one_that_is_not_begun_is_replaced_by_the_next(admin: Person, device: Box) -> None:
    first, second = deployed(admin, device), deployed(admin, device)
    assert admin.get(f"{DEPLOYMENTS}/{first}").json()["status"] == "finished"
    assert device.poll(artifact_name="base").json()["id"] == second
    [entry] = AuditEntry.objects.filter(action="abort")
    assert (entry.object_id, entry.change) == (first, {"replaced_by": second})


def test_one_that_is_under_way_comes_to_its_end_first(admin: Person, device: Box) -> None:
    first = deployed(admin, device)
    offered(device)
    device.report(first, "installing")
    second = deployed(admin, device)
    assert device.poll(artifact_name="base").json()["id"] == first
    assert device.report(first, "success").status_code == 204
    assert device.poll(artifact_name="base").json()["id"] == second


def test_an_update_control_map_comes_with_the_instruction(admin: Person, device: Box) -> None:
    control_map = {"priority": 1, "states": {"ArtifactInstall_Enter": {"action": "pause"}}}
    deployment = deployed(admin, device, {"update_control_map": control_map})
    asked = {"artifact_name": "base", "device_type": "board"}
    body = {"device_provides": asked, "update_control_map": True}
    offer = device.post("v2/deployments/device/deployments/next", body).json()
    assert offer["update_control_map"] == control_map | {"id": deployment}


def test_deploying_is_written_down(admin: Person, device: Box) -> None:
    deployment = deployed(admin, device, b"")
    entry = AuditEntry.objects.get(action="deploy_configuration")
    assert (entry.object_kind, entry.object_id) == ("device", str(device.device.id))
    assert entry.change["deployment_id"] == deployment


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"retries": "1"},
        {"retries": True},
        {"retries": -1},
        {"retries": 1001},
        {"update_control_map": []},
        {"update_control_map": {"states": "x" * 65_536}},
    ],
)
def test_wishes_that_make_no_sense_are_refused(admin: Person, device: Box, wrong: Any) -> None:
    error_of(admin.post(path(device, "/deploy"), wrong), 400)
