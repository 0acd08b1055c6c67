"""Devices are put into groups and taken out of them."""

import pytest

from fleet.models import Organization
from fleet.states import Admission
from tests.api.mender.callers import Person, error_of
from tests.make import make_device

INVENTORY = "v1/inventory"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_a_device_moves_from_group_to_group(admin: Person, organization: Organization) -> None:
    path = f"{INVENTORY}/devices/{make_device(organization).id}/group"
    assert admin.get(path).json() == {"group": None}
    for name in ["lab", "lab", "field-1_b"]:
        assert admin.put(path, {"group": name}).status_code == 204
        assert admin.get(path).json() == {"group": name}
        assert admin.get(f"{INVENTORY}/groups").json() == [name]
    error_of(admin.delete(f"{path}/lab"), 404)
    assert admin.delete(f"{path}/field-1_b").status_code == 204
    assert admin.get(f"{INVENTORY}/groups").json() == []


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 257, "x" * 2000, None, 5])
def test_a_name_is_letters_digits_dashes_and_underscores(
    admin: Person, organization: Organization, name: object
) -> None:
    path = f"{INVENTORY}/devices/{make_device(organization).id}/group"
    error_of(admin.put(path, {"group": name}), 400)


def test_many_devices_move_at_once(admin: Person, organization: Organization) -> None:
    ids = [str(make_device(organization).id) for _ in range(3)]
    path = f"{INVENTORY}/groups/lab/devices"
    answer = admin.call("PATCH", path, [*ids[:2], UNKNOWN, "none"])
    assert answer.json() == {"matched_count": 2, "updated_count": 2}
    again = admin.call("PATCH", path, ids)
    assert again.json() == {"matched_count": 3, "updated_count": 1}
    listed = admin.get(f"{path}?per_page=2")
    assert (listed.json(), listed.headers["X-Total-Count"]) == (ids[:2], "3")
    out = admin.call("DELETE", path, ids[1:])
    assert out.json() == {"matched_count": 2, "updated_count": 2}
    assert admin.get(path).json() == ids[:1]


def test_groups_narrow_by_status(admin: Person, organization: Organization) -> None:
    make_device(organization, group="lab")
    make_device(organization, group="attic", status=Admission.REJECTED)
    assert admin.get(f"{INVENTORY}/groups").json() == ["attic", "lab"]
    assert admin.get(f"{INVENTORY}/groups?status=accepted").json() == ["lab"]
    error_of(admin.get(f"{INVENTORY}/groups?status=x"), 400)


def test_what_is_unknown_is_not_found(admin: Person) -> None:
    for unknown in [UNKNOWN, "none"]:
        path = f"{INVENTORY}/devices/{unknown}/group"
        error_of(admin.get(path), 404)
        error_of(admin.put(path, {"group": "lab"}), 404)
        error_of(admin.delete(f"{path}/lab"), 404)
    error_of(admin.get(f"{INVENTORY}/groups/lab/devices"), 404)
    error_of(admin.call("PATCH", f"{INVENTORY}/groups/lab/devices", [UNKNOWN]), 404)
    error_of(admin.call("DELETE", f"{INVENTORY}/groups/lab/devices", [UNKNOWN]), 404)


def test_what_makes_no_sense_is_refused(admin: Person) -> None:
    path = f"{INVENTORY}/groups/lab/devices"
    for body in [[], {}, [1], "x"]:
        error_of(admin.call("PATCH", path, body), 400)
        error_of(admin.call("DELETE", path, body), 400)
    error_of(admin.get(f"{path}?page=0"), 400)
