"""Devices through the API: listed, let in beforehand, changed, let go."""

import pytest

from auditlog.models import Action, AuditEntry
from fleet.models import Device
from tests.api.v1.callers import caller
from tests.make import make_device, make_key, make_organization

pytestmark = pytest.mark.django_db


def test_a_list_tells_the_devices_of_one_s_own_organization() -> None:
    us = caller("viewer")
    mine = make_device(us.organization, name="edge-1", tags={"region": "eu"})
    make_device(make_organization())
    (item,) = us.get("/devices").json()["items"]
    assert item["id"] == str(mine.id)
    assert item["tag"] == {"region": "eu"}
    assert "attribute" not in item


def test_one_device_is_told_with_all_that_is_known() -> None:
    us = caller("viewer")
    device = make_device(us.organization, inventory={"kernel": "6.1"})
    answer = us.get(f"/devices/{device.id}")
    assert answer.json()["attribute"] == {"kernel": "6.1"}
    inventory = us.get(f"/devices/{device.id}/inventory").json()["items"]
    assert ["inventory", "kernel", "6.1"] in [
        [item["scope"], item["name"], item["value"]] for item in inventory
    ]


def test_a_preauthorized_device_is_made_once_however_often_it_is_asked_for() -> None:
    us = caller("operator")
    body = {"identity": {"sn": "7"}, "public_key": make_key().pem}
    first = us.post("/devices", body, idempotency_key="one")
    assert first.status_code == 201
    assert first.json()["status"] == "preauthorized"
    assert us.get(first.headers["Location"]).json()["name"] == "7"
    again = us.post("/devices", body, idempotency_key="one")
    assert again.content == first.content
    assert us.post("/devices", body).json()["code"] == "device_exists"
    assert AuditEntry.objects.filter(action=Action.PREAUTHORIZE).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"identity": {}}, "identity"),
        ({"identity": []}, "identity"),
        ({"public_key": "none"}, "public_key"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_preauthorized_is_named(wrong: dict[str, object], field: str) -> None:
    us = caller("operator")
    body = {"identity": {"sn": "7"}, "public_key": make_key().pem} | wrong
    answer = us.post("/devices", body)
    assert answer.status_code == 400
    told = answer.json()
    assert field in {told.get("field"), *(error["field"] for error in told.get("errors", []))}


def test_group_and_tags_change_together_or_not_at_all() -> None:
    us = caller("operator")
    device = make_device(us.organization, tags={"region": "eu", "old": "1"})
    path = f"/devices/{device.id}"
    changed = us.patch(path, {"group": "lab", "tag": {"old": None, "floor": 2}})
    assert changed.json()["group"] == "lab"
    assert changed.json()["tag"] == {"region": "eu", "floor": 2}
    refused = us.patch(path, {"group": "no such name", "tag": {"floor": 3}})
    assert (refused.status_code, refused.json()["field"]) == (400, "group")
    assert us.get(path).json()["tag"]["floor"] == 2
    assert us.patch(path, {"tag": {"floor": True}}).json()["field"] == "tag"
    assert us.put(f"{path}/tags").json()["code"] == "malformed_body"
    assert us.put(f"{path}/tags", {"only": "this"}).json()["tag"] == {"only": "this"}
    assert us.patch(path, {"group": None}).json()["group"] == ""


def test_a_change_is_refused_if_somebody_was_faster() -> None:
    us = caller("operator")
    path = f"/devices/{make_device(us.organization).id}"
    seen = us.get(path).headers["ETag"]
    assert us.patch(path, {"group": "lab"}, if_match=seen).status_code == 200
    late = us.patch(path, {"group": "yard"}, if_match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert us.get(path).json()["group"] == "lab"


def test_a_decommissioned_device_is_gone_and_noted() -> None:
    us = caller("operator")
    device = make_device(us.organization)
    assert us.delete(f"/devices/{device.id}").status_code == 204
    assert us.get(f"/devices/{device.id}").status_code == 404
    assert not Device.objects.exists()
    entry = AuditEntry.objects.get(action=Action.DECOMMISSION)
    assert (entry.object_id, entry.via) == (str(device.id), "Slipway API")
