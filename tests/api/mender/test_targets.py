"""Devices that hawkBit's API made, as Mender's shows them: judged and let go like any other."""

import pytest

from fleet.attributes import Attribute
from fleet.inventory import report
from fleet.models import Device, Organization
from fleet.targets.metadata import add_metadata, metadata_of
from tests.api.mender.callers import Person, error_of
from tests.make import make_actor, make_target

DEVICES = "v2/devauth/devices"
INVENTORY = "v1/inventory/devices"


@pytest.fixture
def target(organization: Organization) -> Device:
    return make_target(
        organization, "gw-1", attributes={"hw": "1.1"}, metadata={"site": "oslo"}, tags=["eu"]
    )


def test_one_is_an_accepted_device_without_authentication_sets(
    admin: Person, target: Device
) -> None:
    shown = admin.get(f"{DEVICES}/{target.id}").json()
    assert (shown["status"], shown["auth_sets"]) == ("accepted", [])
    assert shown["identity_data"] == {"controllerId": "gw-1"}
    assert admin.get(f"{DEVICES}/count?status=accepted").json() == {"count": 1}


def test_its_inventory_has_what_it_told_and_no_metadata(admin: Person, target: Device) -> None:
    shown = admin.get(f"{INVENTORY}/{target.id}").json()["attributes"]
    told = {(each["scope"], each["name"]) for each in shown}
    assert {("inventory", "hw"), ("tags", "eu"), ("identity", "controllerId")} <= told
    assert "metadata" not in {scope for scope, _name in told}
    named = admin.get("v2/inventory/filters/attributes").json()
    assert "site" not in {each["name"] for each in named}


def test_metadata_cannot_be_searched_for(admin: Person, target: Device) -> None:
    term = {"scope": "metadata", "attribute": "site", "type": "$eq", "value": "oslo"}
    answer = admin.post("v2/inventory/filters/search", {"filters": [term]})
    assert "scope" in error_of(answer, 400)


def test_what_is_written_here_leaves_metadata_alone(admin: Person, target: Device) -> None:
    add_metadata(actor=make_actor(target.organization), device=target, entries=[("floor", "3")])
    report(device=target, attributes=[Attribute("hw", "2")], replace=True)
    tags = [{"name": "us", "value": "1"}]
    assert admin.put(f"{INVENTORY}/{target.id}/tags", tags).status_code == 200
    assert metadata_of(target) == {"floor": "3", "site": "oslo"}


def test_it_is_decommissioned_with_its_token(admin: Person, target: Device) -> None:
    assert admin.delete(f"{DEVICES}/{target.id}").status_code == 204
    assert not Device.objects.exists()
