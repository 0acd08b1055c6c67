"""Who answers for one group sees and changes the devices of that group."""

import pytest

from fleet.models import Device, Organization
from tests.api.mender.bounds import person_within
from tests.api.mender.callers import Person, error_of
from tests.make import make_device, make_filter

V1, V2 = "v1/inventory", "v2/inventory"
MAY = ("fleet.view_device", "fleet.change_device")


@pytest.fixture
def ours(organization: Organization) -> Device:
    return make_device(organization, group="lab", inventory={"color": "red"})


@pytest.fixture
def theirs(organization: Organization) -> Device:
    return make_device(organization, group="field", inventory={"color": "red"}, tags={"a": "b"})


@pytest.fixture
def ann(
    monkeypatch: pytest.MonkeyPatch, organization: Organization, ours: Device, theirs: Device
) -> Person:
    return person_within(monkeypatch, organization, "lab", *MAY)


def test_lists_leave_the_others_out(ann: Person, ours: Device, theirs: Device) -> None:
    for answer in [
        ann.get(f"{V1}/devices"),
        ann.get(f"{V1}/devices?color=red&sort=color"),
        ann.post(f"{V2}/filters/search", {"device_ids": [str(ours.id), str(theirs.id)]}),
    ]:
        assert [each["id"] for each in answer.json()] == [str(ours.id)]
        assert answer.headers["X-Total-Count"] == "1"
    assert ann.get(f"{V1}/groups").json() == ["lab"]
    counts = ann.get(f"{V2}/filters/attributes").json()
    assert {each["count"] for each in counts} == {1}
    by_status = ann.get(f"{V2}/statistics").json()["devices_by_status"]
    assert by_status["accepted"]["standard"] == 1
    error_of(ann.get(f"{V1}/groups/field/devices"), 404)


def test_another_s_device_is_forbidden(ann: Person, theirs: Device) -> None:
    path = f"{V1}/devices/{theirs.id}"
    error_of(ann.get(path), 403)
    error_of(ann.delete(path), 403)
    error_of(ann.put(f"{path}/tags", []), 403)
    error_of(ann.get(f"{path}/group"), 403)
    error_of(ann.put(f"{path}/group", {"group": "lab"}), 403)
    error_of(ann.delete(f"{path}/group/field"), 403)
    error_of(ann.call("PATCH", f"{V1}/groups/lab/devices", [str(theirs.id)]), 404)
    error_of(ann.delete(f"{V1}/groups/field"), 404)
    theirs.refresh_from_db()
    assert (theirs.group, theirs.inventory.attributes["tags"]) == ("field", {"a": "b"})


def test_one_s_own_can_be_changed_but_not_given_away(ann: Person, ours: Device) -> None:
    path = f"{V1}/devices/{ours.id}"
    assert ann.put(f"{path}/tags", [{"name": "a", "value": "b"}]).status_code == 200
    assert ann.put(f"{path}/group", {"group": "lab"}).status_code == 204
    error_of(ann.put(f"{path}/group", {"group": "field"}), 403)
    assert ann.delete(f"{V1}/groups/lab").status_code == 204
    error_of(ann.get(path), 403)


def test_saved_filters_are_for_the_whole_organization(
    monkeypatch: pytest.MonkeyPatch, ann: Person, organization: Organization
) -> None:
    saved = make_filter(organization)
    error_of(ann.get(f"{V2}/filters"), 403)
    error_of(ann.get(f"{V2}/filters/{saved.id}/search"), 403)
