"""Roles and what they are made of."""

import pytest

from auditlog.models import AuditEntry
from fleet.models import CustomRole, Role
from tests.api.v1.callers import caller
from tests.make import make_organization

pytestmark = pytest.mark.django_db
IN_LAB = {"name": "ManageDevices", "scope": {"type": "DeviceGroups", "value": ["lab"]}}


def test_built_in_and_own_roles_are_one_list() -> None:
    us = caller("administrator")
    CustomRole.objects.create(
        organization=us.organization, name="keepers", permission_sets=[IN_LAB]
    )
    CustomRole.objects.create(organization=make_organization(), name="theirs")
    items = us.get("/roles").json()["items"]
    assert [item["name"] for item in items] == [*Role.values, "keepers"]
    admin = us.get("/roles/administrator").json()
    assert (admin["is_built_in"], admin["member_count"]) == (True, 1)
    as_table = {"Accept": "text/csv"}
    assert us.get("/roles/administrator", headers=as_table).status_code == 406
    assert "fleet.change_user" in admin["permissions"]
    keepers = items[-1]
    assert keepers["permissions_within"]["fleet.change_device"] == ["lab"]
    assert (keepers["permissions"], keepers["member_count"]) == ([], 0)
    assert us.get("/roles/theirs").status_code == 404
    own = us.get("/roles", q="is_built_in==false").json()["items"]
    assert [item["name"] for item in own] == ["keepers"]


def test_a_role_is_made_changed_and_removed() -> None:
    us = caller("administrator")
    made = us.post("/roles", {"name": "night shift", "permission_sets": [IN_LAB]})
    assert made.status_code == 201
    path = made.headers["Location"]
    assert path == "/api/v1/roles/night%20shift"
    changed = us.patch(path, {"description": "Those awake"})
    assert changed.json()["description"] == "Those awake"
    assert changed.json()["permission_sets"] == [IN_LAB]
    assert us.delete(path).status_code == 204
    assert us.get(path).status_code == us.delete(path).status_code == 404
    assert AuditEntry.objects.filter(object_kind="role").count() == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a/b"}, "name"),
        ({"name": "viewer"}, "name"),
        ({"name": "x", "permission_sets": [{"name": "Magic"}]}, "permission_sets"),
        ({"name": "x", "permission_sets": {}}, "permission_sets"),
        ({"permission_sets": []}, "name"),
    ],
)
def test_what_no_role_can_be_is_named(body: dict[str, object], field: str) -> None:
    answer = caller("administrator").post("/roles", body)
    assert answer.status_code == 400
    told = answer.json()
    assert field in {told.get("field"), *(error["field"] for error in told.get("errors", []))}


def test_built_in_roles_stay_as_they_are() -> None:
    us = caller("administrator")
    for answer in (us.patch("/roles/viewer", {}), us.delete("/roles/viewer")):
        assert (answer.status_code, answer.json()["code"]) == (403, "role_built_in")


def test_who_may_only_look_makes_no_roles() -> None:
    us = caller("viewer")
    CustomRole.objects.create(organization=us.organization, name="keepers")
    assert us.get("/roles/keepers").status_code == 200
    calls = [us.post("/roles", {}), us.patch("/roles/keepers", {}), us.delete("/roles/keepers")]
    assert {answer.status_code for answer in calls} == {403}


def test_the_building_blocks_are_listed() -> None:
    items = caller("viewer").get("/permission-sets").json()["items"]
    told = {item["name"]: item for item in items}
    assert told["ManageDevices"]["scope"] == "DeviceGroups"
    assert "fleet.change_device" in told["ManageDevices"]["permissions"]
