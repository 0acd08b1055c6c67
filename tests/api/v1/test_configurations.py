"""How devices are configured, what their monitors say, and why they get what they get."""

import pytest

from auditlog.models import Action, AuditEntry
from deployments.models import Deployment
from fleet.alerts import Told
from fleet.monitoring import report_alerts
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.make import make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db


def test_a_configuration_is_set_listed_and_deployed() -> None:
    us = caller("operator")
    device = make_device(us.organization, name="edge-1")
    path = f"/devices/{device.id}/configuration"
    before = us.get(path)
    assert (before.json()["configured"], before.json()["device.name"]) == ({}, "edge-1")
    assert us.get("/configurations").json()["items"] == []
    set_to = us.put(path, {"timezone": "UTC"}, if_match=before.headers["ETag"])
    assert set_to.json()["configured"] == {"timezone": "UTC"}
    late = us.put(path, {"timezone": "CET"}, if_match=before.headers["ETag"])
    assert late.status_code == 412
    (item,) = us.get("/configurations", q="configured.timezone==UTC").json()["items"]
    assert item["device.id"] == str(device.id)
    deployed = us.post(f"{path}/deploy", {"retries": 2})
    deployment = Deployment.objects.get()
    assert deployed.status_code == 201
    assert deployed.headers["Location"] == f"/api/v1/deployments/{deployment.id}"
    assert deployed.json()["deployment.id"] == str(deployment.id)
    assert deployment.retries == 2
    assert us.post(f"{path}/deploy").status_code == 201
    assert AuditEntry.objects.filter(action=Action.SET_CONFIGURATION).count() == 1


def test_what_no_configuration_can_be_is_named() -> None:
    us = caller("operator")
    path = f"/devices/{make_device(us.organization).id}/configuration"
    assert us.put(path, {"timezone": 1}).json()["field"] == "timezone"
    assert us.put(path, []).status_code == 400
    assert us.put(path).json()["code"] == "malformed_body"
    answer = us.post(f"{path}/deploy", {"retries": -1})
    assert [error["field"] for error in answer.json()["errors"]] == ["retries"]


def test_configurations_keep_to_bounds() -> None:
    organization = make_organization()
    us = bounded(organization, "ConfigureDevices", "DeviceGroups", "lab")
    mine, other = (make_device(organization, group=group) for group in ("lab", "yard"))
    operator = caller("operator", organization)
    for device in (mine, other):
        operator.put(f"/devices/{device.id}/configuration", {"a": "b"})
    items = us.get("/configurations").json()["items"]
    assert [item["device.id"] for item in items] == [str(mine.id)]
    assert us.put(f"/devices/{mine.id}/configuration", {}).status_code == 200
    assert us.put(f"/devices/{other.id}/configuration", {}).status_code == 404
    viewer = caller("viewer", organization)
    assert viewer.put(f"/devices/{mine.id}/configuration", {}).status_code == 403


def test_alerts_are_listed_newest_first() -> None:
    us = caller("viewer")
    device = make_device(us.organization, group="lab")
    for name, level in (("sshd is down", "CRITICAL"), ("sshd is up", "OK")):
        told = Told(name, level, device.created_at, "sshd", "systemd.unit", "running", {"x": 1})
        report_alerts(device=device, alerts=[told])
    newest, oldest = us.get("/alerts").json()["items"]
    assert (newest["name"], newest["is_latest"]) == ("sshd is up", True)
    assert (oldest["subject.name"], oldest["is_latest"]) == ("sshd", False)
    assert us.get(f"/alerts/{oldest['id']}").json()["details"] == {"x": 1}
    found = us.get("/alerts", q=f"device.id=={device.id};level==CRITICAL").json()["items"]
    assert [item["id"] for item in found] == [oldest["id"]]
    elsewhere = bounded(us.organization, "ReadDevices", "DeviceGroups", "yard")
    assert elsewhere.get("/alerts").json()["items"] == []
    assert elsewhere.get(f"/alerts/{oldest['id']}").status_code == 404


def test_why_a_device_gets_a_deployment_or_not_is_told() -> None:
    us = caller("viewer")
    device = make_device(us.organization, device_type="board")
    deployment = make_deployment(devices=[device])
    path = f"/devices/{device.id}/explanation"
    told = us.get(path, deployment=str(deployment.id)).json()
    assert told["is_offered"] is True
    assert {reason["code"] for reason in told["reasons"] if not reason["is_fine"]} == {
        "waiting_for_call"
    }
    other = make_device(us.organization)
    told = us.get(f"/devices/{other.id}/explanation", deployment=str(deployment.id)).json()
    assert (told["is_offered"], told["reasons"][0]["code"]) == (False, "not_targeted")
    assert us.get(path).json()["field"] == "deployment"
    foreign = make_deployment(devices=[make_device()])
    assert us.get(path, deployment=str(foreign.id)).status_code == 404
