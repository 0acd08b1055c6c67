"""Listing, searching, counting, showing and decommissioning devices."""

import pytest

from fleet.models import Device, Organization
from fleet.states import Admission
from tests.api.mender.callers import Box, Person, error_of
from tests.make import make_device

DEVICES = "v2/devauth/devices"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.fixture
def pending(organization: Organization) -> Device:
    return make_device(
        organization, status=Admission.PENDING, identity={"mac": "00:01", "sku": "My Device 1"}
    )


@pytest.fixture
def rejected(organization: Organization) -> Device:
    return make_device(organization, status=Admission.REJECTED)


def test_a_device_looks_as_documented(admin: Person, pending: Device) -> None:
    auth_set = pending.auth_sets.get()
    shown = admin.get(f"{DEVICES}/{pending.id}").json()
    assert shown.pop("created_ts") == shown.pop("updated_ts")
    assert shown["auth_sets"][0].pop("ts").endswith("Z")
    identity = {"mac": "00:01", "sku": "My Device 1"}
    assert shown == {
        "id": str(pending.id),
        "identity_data": identity,
        "status": "pending",
        "decommissioning": False,
        "auth_sets": [
            {
                "id": str(auth_set.id),
                "device_id": str(pending.id),
                "identity_data": identity,
                "pubkey": auth_set.public_key,
                "status": "pending",
            }
        ],
    }


def test_a_number_beyond_64_bits_in_an_identity_spoils_no_list(
    admin: Person, organization: Organization
) -> None:
    make_device(organization, identity={"sn": 10**30}, status=Admission.PENDING)
    assert admin.get(DEVICES).json()[0]["identity_data"] == {"sn": 10**30}
    [shown] = admin.get("v1/inventory/devices").json()
    assert {"name": "sn", "value": 10**30, "scope": "identity"} in shown["attributes"]


def test_the_list_is_sorted_by_age_and_cut_into_pages(
    admin: Person, pending: Device, rejected: Device
) -> None:
    answer = admin.get(f"{DEVICES}?per_page=1")
    assert [device["id"] for device in answer.json()] == [str(pending.id)]
    assert answer.headers["Link"] == (
        '</api/management/v2/devauth/devices?page=1&per_page=1>; rel="first", '
        '</api/management/v2/devauth/devices?page=2&per_page=1>; rel="next"'
    )
    second = admin.get(f"{DEVICES}?per_page=1&page=2")
    assert [device["id"] for device in second.json()] == [str(rejected.id)]
    assert 'rel="prev"' in second.headers["Link"]
    assert 'rel="next"' not in second.headers["Link"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=18446744073709551617", "per_page=501"])
def test_a_wrong_page_is_refused(admin: Person, query: str) -> None:
    error_of(admin.get(f"{DEVICES}?{query}"), 400)


def test_the_list_narrows_by_status_and_id(
    admin: Person, pending: Device, rejected: Device
) -> None:
    def ids(query: str) -> set[str]:
        return {device["id"] for device in admin.get(f"{DEVICES}?{query}").json()}

    both = {str(pending.id), str(rejected.id)}
    assert ids("status=pending") == {str(pending.id)}
    assert ids("status=pending&status=rejected") == both
    assert ids(f"id={rejected.id}&id={pending.id}&id=nobody") == both
    assert ids(f"id={rejected.id}&status=pending") == set()
    error_of(admin.get(f"{DEVICES}?status=lost"), 400)


def test_the_search_takes_texts_and_lists(admin: Person, pending: Device, rejected: Device) -> None:
    def ids(body: object) -> set[str]:
        return {device["id"] for device in admin.post(f"{DEVICES}/search", body).json()}

    both = {str(pending.id), str(rejected.id)}
    assert ids({"status": "pending", "id": [str(pending.id)]}) == {str(pending.id)}
    assert ids({"status": ["pending", "rejected"]}) == ids({}) == both
    assert ids({"Id": str(rejected.id)}) == {str(rejected.id)}
    for body in [{"status": 1}, {"id": {}}, {"status": ["x"]}, []]:
        error_of(admin.post(f"{DEVICES}/search", body), 400)


def test_the_search_takes_a_form(admin: Person, pending: Device, rejected: Device) -> None:
    form = f"status=rejected&id={pending.id}&id={rejected.id}".encode()
    kind = "application/x-www-form-urlencoded"
    answer = admin.post(f"{DEVICES}/search", form, content_type=kind)
    assert [device["id"] for device in answer.json()] == [str(rejected.id)]


def test_devices_are_counted(admin: Person, pending: Device, rejected: Device) -> None:
    assert admin.get(f"{DEVICES}/count").json() == {"count": 2}
    assert admin.get(f"{DEVICES}/count?status=pending").json() == {"count": 1}
    assert admin.get(f"{DEVICES}/count?status=noauth").json() == {"count": 0}
    error_of(admin.get(f"{DEVICES}/count?status=x"), 400)


def test_a_decommissioned_device_is_gone_with_its_token(admin: Person, device: Box) -> None:
    path = f"{DEVICES}/{device.device.id}"
    assert admin.delete(path).status_code == 204
    error_of(device.poll(), 401)
    error_of(admin.get(path), 404)
    error_of(admin.delete(path), 404)


@pytest.mark.parametrize("unknown", [UNKNOWN, "nobody"])
def test_an_unknown_device_is_not_found(admin: Person, unknown: str) -> None:
    error_of(admin.get(f"{DEVICES}/{unknown}"), 404)
    error_of(admin.delete(f"{DEVICES}/{unknown}"), 404)


def test_the_limit_of_devices(admin: Person, organization: Organization) -> None:
    assert admin.get("v2/devauth/limits/max_devices").json() == {"limit": -1}
    organization.device_limit = 3
    organization.save()
    assert admin.get("v2/devauth/limits/max_devices").json() == {"limit": 3}
    assert error_of(admin.get("v2/devauth/limits/storms"), 400) == "unsupported limit storms"
