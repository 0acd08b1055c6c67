"""What somebody sees whose role is bound to some groups."""

from typing import Any

import pytest
from django.test import Client

from fleet.models import CustomRole, Device, Organization
from tests.make import make_device, make_user
from tests.pages.reading import words


def client_with(home: Organization, *sets: str, groups: tuple[str, ...] = ("north",)) -> Client:
    """Somebody with these permission sets within the groups."""
    scope: dict[str, Any] = {"type": "DeviceGroups", "value": list(groups)}
    role = CustomRole.objects.create(
        organization=home,
        name=f"{'+'.join(sets)} in {'+'.join(groups)}",
        permission_sets=[{"name": name, "scope": scope} for name in sets],
    )
    user = make_user(organization=home, role="")
    user.memberships.get().custom_roles.add(role)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def north(home: Organization) -> Device:
    return make_device(home, name="gw-north", group="north", status="pending")


@pytest.fixture
def south(home: Organization) -> Device:
    return make_device(home, name="gw-south", group="south", status="pending")


def test_the_list_and_the_pages_end_at_the_bounds(
    home: Organization, north: Device, south: Device
) -> None:
    client = client_with(home, "ReadDevices")
    page = words(client.get("/devices/"))
    assert "gw-north" in page
    assert "gw-south" not in page
    assert "Select none" not in page
    assert client.get(f"/devices/{north.id}/").status_code == 200
    assert client.get(f"/devices/{south.id}/").status_code == 403


def test_it_begins_with_the_devices_and_only_they_are_in_the_navigation(home: Organization) -> None:
    client = client_with(home, "ReadDevices")
    assert client.get("/")["Location"] == "/devices/"
    page = client.get("/devices/").content.decode()
    assert 'aria-current="page">Devices' in page
    assert 'href="/releases/"' not in page
    refused = client.get("/releases/")
    assert refused.status_code == 403
    assert "Your role does not allow this." in words(refused)


def test_devices_are_judged_within_the_bounds_only(
    home: Organization, north: Device, south: Device
) -> None:
    client = client_with(home, "ManageDevices")
    assert "Accept" in words(client.get("/devices/"))
    both = {"verb": "accept", "device": [north.number, south.number]}
    assert "1 device accepted." in words(client.post("/devices/decide/", both, follow=True))
    assert client.post("/devices/decide/", {"verb": "accept", "all": "1"}).status_code == 302
    for device, status in [(north, 302), (south, 403)]:
        key = device.auth_sets.get()
        said = {"status": "rejected"}
        assert client.post(f"/devices/{device.id}/keys/{key.id}/", said).status_code == status
        assert client.post(f"/devices/{device.id}/decommission/").status_code == status
    assert list(Device.objects.values_list("name", "status")) == [("gw-south", "pending")]


def test_who_may_only_look_judges_nothing(home: Organization, north: Device) -> None:
    client = client_with(home, "ReadDevices")
    assert client.post("/devices/decide/", {"verb": "accept", "all": "1"}).status_code == 403
    key = north.auth_sets.get()
    answer = client.post(f"/devices/{north.id}/keys/{key.id}/", {"status": "accepted"})
    assert answer.status_code == 403
    assert "Decommission" not in words(client.get(f"/devices/{north.id}/"))


def test_an_empty_group_is_not_an_empty_house(home: Organization, south: Device) -> None:
    page = words(client_with(home, "ReadDevices").get("/devices/"))
    assert "None of your groups has a device" in page
    assert "simulate" not in page


def test_who_has_no_role_has_an_account(home: Organization) -> None:
    client = Client()
    client.force_login(make_user(organization=home, role=""))
    assert client.get("/")["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
