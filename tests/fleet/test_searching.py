"""Pages of devices: what is on them, in which order, and how many there are in all."""

from typing import Any

import pytest

from fleet.attribute_indexes import create_indexes
from fleet.filters import matching
from fleet.models import Device, Organization
from fleet.searching import Order, search
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db
SIZE = ("inventory", "size")


@pytest.fixture
def home() -> Organization:
    return make_organization()


def names(devices: Any, *orders: Order, offset: int = 0, limit: int = 20) -> list[str]:
    return [
        each.name for each in search(devices, orders=orders, offset=offset, limit=limit).devices
    ]


@pytest.mark.parametrize("is_indexed", [False, True])
def test_texts_come_before_numbers_and_what_cannot_be_sorted_last(home, is_indexed):
    if is_indexed:
        create_indexes(SIZE)
    sizes = {"b": 10, "a": 9, "text": "1", "Text": "B", "list": [3], "none": None}
    for name, size in sizes.items():
        make_device(home, name=name, inventory={} if size is None else {"size": size})
    devices = Device.objects.of(home)
    up = ["text", "Text", "a", "b", "list", "none"]
    assert names(devices, Order(SIZE)) == up
    assert names(devices, Order(SIZE, is_descending=True)) == [*reversed(up[:4]), "list", "none"]
    for offset in range(7):
        assert names(devices, Order(SIZE), offset=offset, limit=2) == up[offset : offset + 2]


def test_what_is_equal_is_sorted_by_what_comes_next_then_as_it_became_known(home):
    for name, size, group in [("a", 1, "x"), ("b", 1, "y"), ("c", 0, "x"), ("d", 1, "x")]:
        make_device(home, name=name, group=group, inventory={"size": size})
    group = Order(("system", "group"), is_descending=True)
    assert names(Device.objects.of(home), Order(SIZE), group) == ["c", "b", "a", "d"]
    assert names(Device.objects.of(home)) == ["a", "b", "c", "d"]


def test_the_order_follows_times_and_states(home):
    late = make_device(home, name="late", status="pending")
    early = make_device(home, name="early", created_at=late.created_at.replace(year=2020))
    devices = Device.objects.of(home)
    assert names(devices, Order(("system", "created_ts"))) == [early.name, late.name]
    assert names(devices, Order(("identity", "status"))) == [early.name, late.name]
    assert names(devices, Order(("system", "check_in_time"))) == ["late", "early"]


@pytest.mark.parametrize("terms", [[], ["red"]])
def test_the_total_counts_all_pages_and_holds_past_the_last(home, terms):
    for index in range(5):
        make_device(home, name=str(index), inventory={"color": "red"})
    terms = [
        {"scope": "inventory", "attribute": "color", "type": "$eq", "value": value}
        for value in terms
    ]
    found = search(matching(home, terms), offset=2, limit=2)
    assert [each.name for each in found.devices] == ["2", "3"]
    assert (found.total, found.has_more) == (5, True)
    for offset in (5, 2**40):
        beyond = search(matching(home, terms), offset=offset)
        assert (beyond.devices, beyond.total, beyond.has_more) == ([], 5, False)
    assert search(matching(home, terms), orders=[Order(SIZE)], offset=2**40).total == 5


def test_a_page_takes_as_many_queries_whatever_is_on_it(home, django_assert_max_num_queries):
    for _ in range(8):
        make_device(home, inventory={"size": 1})
    with django_assert_max_num_queries(6):
        found = search(Device.objects.of(home), orders=[Order(SIZE)], limit=5)
        assert all(each.inventory.attributes for each in found.devices)
