"""Who sees and changes which devices."""

import pytest

from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db


def test_who_may_only_look_changes_nothing() -> None:
    us = caller("viewer")
    device = make_device(us.organization)
    path = f"/devices/{device.id}"
    calls = [us.patch(path, {"group": "lab"}), us.delete(path), us.post("/devices", {})]
    calls += [us.put(f"{path}/tags", {}), us.delete(f"{path}/inventory")]
    assert {answer.status_code for answer in calls} == {403}


def test_bounds_hold_for_what_is_seen_and_for_what_is_changed() -> None:
    organization = make_organization()
    us = bounded(organization, "ManageDevices", "DeviceGroups", "lab")
    mine, other = make_device(organization, group="lab"), make_device(organization, group="yard")
    assert [item["id"] for item in us.get("/devices").json()["items"]] == [str(mine.id)]
    assert us.get(f"/devices/{other.id}").status_code == 404
    assert us.patch(f"/devices/{mine.id}", {"tag": {"a": "b"}}).status_code == 200
    assert us.patch(f"/devices/{mine.id}", {"group": "yard"}).status_code == 403
    assert us.delete(f"/devices/{other.id}").status_code == 404
