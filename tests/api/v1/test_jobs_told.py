"""What Slipway's own API tells of what jobs of other dialects know: outcomes, kits, hosts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device
from tests.api.v1.callers import Caller, caller
from tests.deployments.calls import call, part, say
from tests.make import make_deployment, make_device

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Caller:
    return caller()


def rows(admin: Caller, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = admin.get("/device-deployments", **query).json()["items"]
    return items


def test_what_has_become_of_each_device_is_told_and_asked_for(admin: Caller) -> None:
    facts = {"sensor_version": "2.1", "kit_type": "UBUNTU"}
    devices = [make_device(admin.organization, **facts) for _ in range(4)]
    deployment = make_deployment(devices=devices)
    for device, states in zip(devices, [[], [""], ["installing"], ["failure"]], strict=True):
        if states:
            call(device)
            say(device, deployment, *(state for state in states if state))
    outcomes = {str(each["device.id"]): each["outcome"] for each in rows(admin)}
    wanted = ["waiting", "starting", "active", "failed"]
    assert [outcomes[str(device.id)] for device in devices] == wanted
    for outcome in wanted:
        q = f"deployment.id=={deployment.id};outcome=={outcome}"
        assert [each["outcome"] for each in rows(admin, q=q)] == [outcome]
    assert len(rows(admin, q="outcome=in=(waiting,active)")) == 2
    told = rows(admin, q="kit_type==UBUNTU;version_before==2.1")
    assert len(told) == 4
    assert (told[0]["message"], told[0]["cause"]) == ("", "")


def test_what_expired_is_told_by_its_cause(admin: Caller) -> None:
    device = make_device(admin.organization)
    deployment = make_deployment(devices=[device])
    DeviceDeployment.objects.update(
        state="aborted", cause="expired", is_open=False, finished_at=timezone.now()
    )
    (told,) = rows(admin, q="cause==expired")
    assert told["outcome"] == "expired"
    assert part(device, deployment).cause == "expired"


def test_what_is_over_by_the_clock_is_told_so_before_it_is_written(admin: Caller) -> None:
    make_deployment(devices=[make_device(admin.organization)])
    Deployment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    (told,) = rows(admin, q="outcome==expired;state==aborted")
    assert (told["outcome"], told["state"]) == ("expired", "aborted")


def test_a_device_is_named_as_a_host_and_loses_that_name(admin: Caller) -> None:
    device = make_device(admin.organization, kit_type="MAC", sensor_version="3.7.2.81")
    path = f"/devices/{device.id}"
    told = admin.patch(path, {"host_name": "Probe-1.Example.com."}).json()
    assert (told["host_name"], told["kit_type"], told["sensor_version"]) == (
        *("probe-1.example.com", "MAC"),
        "3.7.2.81",
    )
    assert admin.get("/devices", q="host_name==probe*;kit_type==MAC").json()["items"]
    other = make_device(admin.organization)
    taken = admin.patch(f"/devices/{other.id}", {"host_name": "probe-1.example.com"})
    assert (taken.status_code, taken.json()["code"]) == (409, "host_name_taken")
    assert admin.patch(path, {"host_name": None}).json()["host_name"] == ""
    again = admin.patch(f"/devices/{other.id}", {"host_name": "probe-1.example.com"})
    assert again.status_code == 200


@pytest.mark.parametrize("name", ["-a", "a-", "a..b", "a_b", "a b", "ä", "a" * 64, "a." * 128])
def test_what_is_no_name_of_a_host_is_refused(admin: Caller, name: str) -> None:
    device = make_device(admin.organization)
    refused = admin.patch(f"/devices/{device.id}", {"host_name": name})
    assert refused.status_code == 400
    assert b'"host_name"' in refused.content
    assert Device.objects.get(pk=device.pk).host_name == ""


def test_who_may_only_look_names_no_host(admin: Caller) -> None:
    device = make_device(admin.organization)
    viewer = caller("viewer", admin.organization)
    assert viewer.patch(f"/devices/{device.id}", {"host_name": "a"}).status_code == 403
    assert caller().patch(f"/devices/{device.id}", {"host_name": "a"}).status_code == 404
