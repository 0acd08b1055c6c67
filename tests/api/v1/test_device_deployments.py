"""Devices in deployments, and what they said, as lists of Slipway's own API."""

import pytest

from deployments.aborting import abort
from deployments.logs import save_log
from deployments.models import Deployment
from fleet.models import Device
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.deployments.calls import call, part, say
from tests.make import make_actor, make_deployment, make_device

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Caller:
    return caller()


def installing(admin: Caller, *states: str, group: str = "") -> tuple[Device, Deployment]:
    device = make_device(admin.organization, group=group, name="edge-1")
    deployment = make_deployment(
        admin.organization, devices=() if group else [device], group=group, name="to edges"
    )
    call(device)
    say(device, deployment, *states)
    return device, deployment


def test_a_part_tells_of_its_device_and_its_deployment(admin: Caller) -> None:
    device, deployment = installing(admin, "downloading", "success")
    (told,) = admin.get("/device-deployments", q='deployment.name=="to edges"').json()["items"]
    assert told["deployment.id"] == str(deployment.id)
    assert (told["device.id"], told["device.name"]) == (str(device.id), "edge-1")
    assert (told["state"], told["attempts"], told["phase"]) == ("success", 1, 1)
    assert told["started_at"] < told["finished_at"]
    assert admin.get(f"/device-deployments/{told['number']}").json() == told
    assert admin.get("/device-deployments/99999999999999999999").status_code == 404
    assert caller().get(f"/device-deployments/{told['number']}").status_code == 404


def test_they_are_found_by_what_they_show(admin: Caller) -> None:
    device, deployment = installing(admin, "installing")
    waiting = make_deployment(devices=[make_device(admin.organization)])
    for q, found in (
        ("state==installing", [deployment]),
        ("state=in=(pending,success)", [waiting]),
        ("state!=pending", [deployment]),
        (f"device.id=={device.id};attempts=gt=0", [deployment]),
        ("phase==1", [deployment]),
        (f"deployment.id=={waiting.id}", [waiting]),
    ):
        items = admin.get("/device-deployments", q=q).json()["items"]
        assert [each["deployment.id"] for each in items] == [str(each.id) for each in found], q


def test_what_is_open_in_an_aborted_deployment_is_aborted(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, deployment = installing(admin, "installing")
    monkeypatch.setattr("deployments.aborting.tidy_batch", lambda number: None)
    abort(actor=make_actor(admin.organization), deployment=deployment)
    assert deployment.device_deployments.get().is_open
    for q, count in (("state==aborted", 1), ("state==installing", 0)):
        items = admin.get("/device-deployments", q=q).json()["items"]
        assert [each["state"] for each in items] == ["aborted"] * count


def test_phases_and_events_are_listed(admin: Caller) -> None:
    device, deployment = installing(admin, "downloading", "installing")
    (phase,) = admin.get("/phases", q=f"deployment.id=={deployment.id}").json()["items"]
    assert (phase["position"], phase["percent"], phase["quota"]) == (1, None, None)
    events = admin.get("/status-events", q=f"device.id=={device.id}").json()["items"]
    assert [each["state"] for each in events] == ["installing", "downloading"]
    assert events[0]["device_deployment"] == part(device, deployment).number


def test_a_log_is_told_as_json_and_as_text(admin: Caller) -> None:
    device, deployment = installing(admin, "failure")
    number = part(device, deployment).number
    assert admin.get(f"/device-deployments/{number}/log").json()["code"] == "no_log"
    line = {"timestamp": "2026-01-02T03:04:05Z", "level": "error", "message": "disk full"}
    save_log(device=device, deployment_id=deployment.id, messages=[line])
    (listed,) = admin.get("/logs", fields="number,messages,device.name").json()["items"]
    assert listed == {"number": number, "messages": [line], "device.name": "edge-1"}
    path = f"/device-deployments/{number}/log"
    assert admin.get(path).json()["messages"] == [line]
    text = "2026-01-02T03:04:05Z error: disk full\n"
    assert admin.get(path, format="text").content.decode() == text
    assert admin.get(path, headers={"accept": "text/plain"}).content.decode() == text
    assert admin.get("/device-deployments", q="has_log==true").json()["items"]


def test_within_bounds_only_what_is_in_reach(admin: Caller) -> None:
    installing(admin, "failure")
    _, seen = installing(admin, "success", group="lab")
    viewer = bounded(admin.organization, "DeployToDevices", "DeviceGroups", "lab")
    for path in ("/device-deployments", "/phases", "/status-events"):
        items = viewer.get(path).json()["items"]
        assert {each["deployment.id"] for each in items} == {str(seen.id)}
