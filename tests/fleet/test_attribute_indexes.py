"""Attributes that are indexed: the same is found, by way of the index."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fleet.attribute_indexes import create_indexes, drop_indexes
from fleet.errors import Invalid
from fleet.filters import matching, target_of
from fleet.inventory import Attribute, report
from fleet.models import Device, Inventory, Organization
from fleet.searching import Order, search
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db
FIELD = ("inventory", "it's 100 % odd")


def found(home: Organization, kind: str, value: Any) -> list[str]:
    scope, attribute = FIELD
    term = {"scope": scope, "attribute": attribute, "type": kind, "value": value}
    return [each.name for each in search(matching(home, [term])).devices]


def crowd(home: Organization) -> None:
    """So many others that reading all of them is not the quickest way."""
    others = Device.objects.bulk_create(
        Device(organization=home, identity={}, identity_digest=f"{each}", name="other")
        for each in range(3000)
    )
    Inventory.objects.bulk_create(
        Inventory(device=each, attributes={"inventory": {"other": "x" * 100}}) for each in others
    )
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def home() -> Organization:
    home = make_organization()
    values = {"text": "abc", "long": "abc" + "x" * 6000, "number": 5, "list": ["abd", "x"]}
    for name, value in values.items():
        make_device(home, name=name, inventory={FIELD[1]: value})
    make_device(home, name="none", inventory={"other": 1})
    make_device(home, name="mute")
    connection.check_constraints()  # PostgreSQL builds no index while some are still to be checked
    return home


def test_the_same_is_found_with_and_without(home: Organization) -> None:
    asked = [("$regex", "^ab"), ("$gt", "abc"), ("$lte", "abc"), ("$gte", 5), ("$exists", True)]
    asked += [("$eq", "abc"), ("$in", [5, 6]), ("$ne", 5), ("$lt", "abc" + "x" * 5999 + "y")]
    without = [found(home, *each) for each in asked]
    names = create_indexes(FIELD)
    assert create_indexes(FIELD) == names
    assert [found(home, *each) for each in asked] == without
    assert without[:2] == [["text", "long", "list"], ["long", "list"]]
    assert drop_indexes(FIELD) == names
    assert [found(home, *each) for each in asked] == without


def test_lists_sorted_or_narrowed_by_it_take_the_index(home: Organization) -> None:
    crowd(home)
    plain, lists = create_indexes(FIELD)
    target, devices = target_of(FIELD), Device.objects.of(home)
    if connection.vendor == "sqlite":  # reads everything to narrow down
        for direction in ["asc", "desc"]:
            keys = [getattr(key, direction)() for key in target.sort_keys()]
            assert plain in devices.filter(target.has_key()).order_by(*keys).explain()
        return
    for kind, value in [("$gt", "abc"), ("$lt", 6), ("$exists", True), ("$regex", "^ab")]:
        scope, attribute = FIELD
        term = {"scope": scope, "attribute": attribute, "type": kind, "value": value}
        plan = matching(home, [term]).explain()
        assert plain in plan, plan
        assert lists in plan, plan


def test_devices_go_on_reporting_whatever_they_like(home: Organization) -> None:
    create_indexes(FIELD)
    device = Device.objects.get(name="mute")
    for value in ["é" * 50_000, 10**300, -0.1, ["x" * 50_000], ""]:
        said = [Attribute(FIELD[1], value)]
        report(device=device, attributes=said, replace=True)
        assert "mute" in found(home, "$exists", True)  # noqa: FBT003 - a value like others


def test_the_command_says_what_it_did(home: Organization, capsys: pytest.CaptureFixture) -> None:
    call_command("index_attribute", "identity", "mac", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["attribute"] == "identity/mac"
    assert len(said["indexes"]) == 2
    call_command("index_attribute", "identity", "mac", "--drop")
    assert capsys.readouterr().out == "identity/mac is no longer indexed\n"
    assert len(search(Device.objects.of(home), orders=[Order(("identity", "mac"))]).devices) == 6


@pytest.mark.parametrize("field", [("system", "group"), ("identity", "id"), ("tags", 'a"b')])
def test_what_has_a_column_or_an_odd_name_is_not_indexed(field: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        create_indexes(field)


def test_the_command_refuses_scopes_that_there_are_not() -> None:
    with pytest.raises(CommandError):
        call_command("index_attribute", "nowhere", "mac")
