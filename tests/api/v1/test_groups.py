"""Groups, and what devices are told apart by."""

import pytest

from auditlog.models import AuditEntry
from fleet.models import Device
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db


def groups_of(*devices: Device) -> list[str]:
    return [Device.objects.get(pk=device.pk).group for device in devices]


def test_groups_are_listed_with_their_devices_counted() -> None:
    us = caller("viewer")
    for group in ("lab", "lab", "yard", ""):
        make_device(us.organization, group=group)
    make_device(make_organization(), group="theirs")
    items = us.get("/groups").json()["items"]
    assert items == [
        {"name": "lab", "device_count": 2},
        {"name": "yard", "device_count": 1},
    ]
    assert us.get("/groups/yard").json() == items[1]
    assert us.get("/groups/yard", headers={"Accept": "text/csv"}).status_code == 406
    assert us.get("/groups/theirs").status_code == 404


def test_groups_are_sorted_filtered_and_paged() -> None:
    us = caller("viewer")
    for group in ("lab", "yard", "lab", "attic"):
        make_device(us.organization, group=group)
    first = us.get("/groups", sort="-device_count,name", limit=2).json()
    assert [item["name"] for item in first["items"]] == ["lab", "attic"]
    rest = us.get(first["next"].removeprefix("http://testserver")).json()
    assert [item["name"] for item in rest["items"]] == ["yard"]
    many = us.get("/groups", q="device_count=ge=2", count="exact").json()
    assert [item["name"] for item in many["items"]] == ["lab"]
    assert many["count"] == {"value": 1, "is_exact": True}


def test_a_group_becomes_what_it_is_put_to() -> None:
    us = caller("operator")
    one, two, three = (make_device(us.organization, group="lab") for _ in range(3))
    answer = us.put("/groups/lab", {"ids": [str(two.id)]})
    assert answer.json() == {"name": "lab", "device_count": 1}
    assert groups_of(one, two, three) == ["", "lab", ""]
    assert us.put("/groups/all", {"q": "status==accepted"}).json()["device_count"] == 3
    assert AuditEntry.objects.filter(object_id=str(one.id)).count() == 2


def test_devices_join_and_leave() -> None:
    us = caller("operator")
    one, two = (make_device(us.organization, name=name) for name in ("one", "two"))
    ids = [str(one.id), str(two.id), str(make_device().id)]
    assert us.post("/groups/lab/devices", {"ids": ids}).json() == {"matched": 2, "moved": 2}
    assert us.delete("/groups/lab/devices?q=name==one").json() == {"matched": 1, "moved": 1}
    assert us.delete(f"/groups/lab/devices/{one.id}").status_code == 404
    assert us.post("/groups/lab/devices", {"ids": ids[2:]}).json()["code"] == "device_not_found"
    assert us.put(f"/groups/yard/devices/{one.id}").status_code == 204
    assert groups_of(one, two) == ["yard", "lab"]
    assert us.delete("/groups/lab").status_code == 204
    assert us.delete("/groups/lab").status_code == 404
    assert groups_of(two) == [""]


def test_what_is_wrong_is_named() -> None:
    us = caller("operator")
    assert us.put("/groups/no name", {"ids": [str(make_device().id)]}).json()["field"] == "group"
    assert us.post("/groups/lab/devices", {}).json()["field"] == "ids"
    assert us.delete("/groups/lab/devices").status_code == 404
    make_device(us.organization, group="lab")
    assert us.delete("/groups/lab/devices").json()["field"] == "q"


def test_permissions_and_bounds_hold() -> None:
    organization = make_organization()
    mine, other = (make_device(organization, group=group) for group in ("lab", "yard"))
    viewer = caller("viewer", organization)
    assert viewer.put("/groups/lab", {"ids": [str(other.id)]}).status_code == 403
    assert viewer.delete("/groups/lab").status_code == 403
    us = bounded(organization, "ManageDevices", "DeviceGroups", "lab")
    assert [item["name"] for item in us.get("/groups").json()["items"]] == ["lab"]
    assert us.put(f"/groups/lab/devices/{other.id}").status_code == 404
    assert us.put(f"/groups/yard/devices/{mine.id}").status_code == 403
    assert us.delete("/groups/yard").status_code == 404
    assert groups_of(mine, other) == ["lab", "yard"]
