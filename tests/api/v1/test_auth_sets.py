"""Keys that claim identities: listed, accepted, rejected, dismissed."""

import pytest

from auditlog.models import Action, AuditEntry
from fleet.models import AuthSet, Device
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.make import make_auth_set, make_device, make_organization

pytestmark = pytest.mark.django_db


def key_of(device: Device) -> AuthSet:
    return device.auth_sets.get()


def test_the_list_tells_each_key_with_its_device() -> None:
    us = caller("viewer")
    device = make_device(us.organization, name="edge-1", status="pending")
    make_device(make_organization())
    (item,) = us.get("/auth-sets", status="pending").json()["items"]
    assert item["id"] == str(key_of(device).id)
    assert (item["device.id"], item["device.name"]) == (str(device.id), "edge-1")
    assert (item["status"], item["has_token"]) == ("pending", False)
    assert "public_key" not in item
    one = us.get(f"/auth-sets/{item['id']}").json()
    assert one["public_key"].startswith("-----BEGIN PUBLIC KEY-----")


def test_an_accepted_key_lets_its_device_in_and_is_noted() -> None:
    us = caller("operator")
    device = make_device(us.organization, status="pending")
    path = f"/auth-sets/{key_of(device).id}"
    answer = us.post(f"{path}/accept")
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    assert us.get(f"/devices/{device.id}").json()["status"] == "accepted"
    assert us.post(f"{path}/accept").status_code == 200
    assert AuditEntry.objects.filter(action=Action.ACCEPT).count() == 1
    assert us.post(f"{path}/reject").json()["status"] == "rejected"


def test_a_token_is_revoked_once() -> None:
    us = caller("operator")
    path = f"/auth-sets/{key_of(make_device(us.organization)).id}"
    assert us.post(f"{path}/revoke-token").json()["has_token"] is False
    again = us.post(f"{path}/revoke-token")
    assert (again.status_code, again.json()["code"]) == (404, "token_unknown")


def test_the_limit_of_devices_is_a_conflict() -> None:
    us = caller("operator", make_organization(device_limit=0))
    path = f"/auth-sets/{key_of(make_device(us.organization, status='pending')).id}"
    answer = us.post(f"{path}/accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "device_limit")


def test_a_dismissed_key_is_gone() -> None:
    us = caller("operator")
    device = make_device(us.organization)
    other = make_auth_set(device)
    seen = us.get(f"/auth-sets/{other.id}").headers["ETag"]
    late = us.delete(f"/auth-sets/{other.id}", if_match='"another"')
    assert late.status_code == 412
    assert us.delete(f"/auth-sets/{other.id}", if_match=seen).status_code == 204
    assert us.get(f"/auth-sets/{other.id}").status_code == 404
    assert us.get("/auth-sets").json()["items"][0]["id"] == str(key_of(device).id)


def test_who_may_only_look_decides_nothing() -> None:
    us = caller("viewer")
    path = f"/auth-sets/{key_of(make_device(us.organization)).id}"
    calls = [us.post(f"{path}/accept"), us.post(f"{path}/reject"), us.delete(path)]
    assert {answer.status_code for answer in calls} == {403}


def test_keys_out_of_bounds_and_of_others_are_not_there() -> None:
    organization = make_organization()
    us = bounded(organization, "ManageDevices", "DeviceGroups", "lab")
    mine = key_of(make_device(organization, group="lab", status="pending"))
    other = key_of(make_device(organization, group="yard", status="pending"))
    foreign = key_of(make_device(group="lab", status="pending"))
    assert [item["id"] for item in us.get("/auth-sets").json()["items"]] == [str(mine.id)]
    assert us.post(f"/auth-sets/{mine.id}/accept").status_code == 200
    assert us.post(f"/auth-sets/{other.id}/accept").status_code == 404
    assert us.post(f"/auth-sets/{foreign.id}/accept").status_code == 404
