"""Many devices changed in one call, with what became of each."""

import pytest

from auditlog.models import Action, AuditEntry
from deployments.states import State
from fleet.models import Device
from tests.api.v1.callers import caller
from tests.api.v1.many import bulk, codes
from tests.make import make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db


def test_each_device_has_its_result_in_the_order_given() -> None:
    us = caller("operator", make_organization(device_limit=2))
    kept = make_device(us.organization)
    new, late = (make_device(us.organization, status="pending") for _ in range(2))
    keyless, foreign = make_device(us.organization, status="noauth"), make_device()
    told = bulk(us, "accept", new, kept, keyless, foreign, late)
    assert codes(told) == [
        ("done", ""),
        ("done", "unchanged"),
        ("failed", "no_key"),
        ("failed", "device_unknown"),
        ("failed", "device_limit"),
    ]
    assert (told["done"], told["failed"]) == (2, 3)
    assert told["results"][2]["detail"] == "The device has shown no key yet."
    assert AuditEntry.objects.get(action=Action.ACCEPT).object_id == str(new.id)


def test_devices_are_tagged_by_filter() -> None:
    us = caller("operator")
    red = make_device(us.organization, inventory={"color": "red"}, tags={"old": "1"})
    blue = make_device(us.organization, inventory={"color": "blue"})
    change = {"q": "attribute.color==red", "tags": {"lot": 7, "old": None}}
    assert bulk(us, "set_tags", **change)["done"] == 1
    assert us.get(f"/devices/{red.id}").json()["tag"] == {"lot": 7}
    assert us.get(f"/devices/{blue.id}").json()["tag"] == {}
    assert codes(bulk(us, "set_tags", **change)) == [("done", "unchanged")]
    assert AuditEntry.objects.filter(object_id=str(red.id), action=Action.UPDATE).count() == 1
    many = {f"tag-{number}": "x" for number in range(21)}
    assert codes(bulk(us, "set_tags", blue, tags=many)) == [("failed", "too_many_tags")]


def test_groups_are_filled_and_left() -> None:
    us = caller("operator")
    one, two = make_device(us.organization, group="yard"), make_device(us.organization)
    assert bulk(us, "set_group", one, two, group="lab")["done"] == 2
    assert set(Device.objects.values_list("group", flat=True)) == {"lab"}
    assert bulk(us, "clear_group", q="group==lab")["done"] == 2
    assert set(Device.objects.values_list("group", flat=True)) == {""}


def test_decommissioned_devices_end_their_part_in_deployments() -> None:
    us = caller("operator")
    gone = [make_device(us.organization) for _ in range(2)]
    deployment = make_deployment(devices=gone)
    assert bulk(us, "decommission", *gone)["done"] == 2
    states = deployment.device_deployments.values_list("state", flat=True)
    assert list(states) == [State.DECOMMISSIONED] * 2
    entries = AuditEntry.objects.filter(action=Action.DECOMMISSION)
    assert {entry.change["identity"] for entry in entries} != {None}
    assert entries.count() == 2
