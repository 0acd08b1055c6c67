"""Pages of a sorted list: nothing twice, nothing left out, whatever happens between them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.listing.devices import DEVICES
from fleet.models import Contact, Device, Organization
from query.cursors import InvalidCursor, Place, cursor_of, place_of
from query.ordering import Ordering, ordering_of, read_sort
from query.paging import page_of
from tests.make import make_organization

pytestmark = pytest.mark.django_db

SORTS = [
    "name",
    "-name",
    "-created_at,name",
    "seen_at",
    "-seen_at",
    "group,-seen_at",
    "-group,name",
]
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = st.sampled_from(["a", "B", "é", "Z", "a b", "🚢", "\U0001f6a2\ufffd"])
FACTS = st.tuples(
    NAMES, st.sampled_from(["", "lab"]), st.integers(0, 2), st.none() | st.integers(0, 3)
)
Facts = tuple[str, str, int, int | None]


def add(organization: Organization, facts: list[Facts]) -> None:
    last = Device.objects.order_by("number").last()
    first = last.number + 1 if last else 1
    devices = [
        Device(
            organization=organization,
            identity={"n": index},
            identity_digest=str(index),
            name=name,
            group=group,
            created_at=MOMENT + timedelta(microseconds=age),
        )
        for index, (name, group, age, _seen) in enumerate(facts, first)
    ]
    made = Device.objects.bulk_create(devices)
    Contact.objects.bulk_create(
        Contact(device=device, seen_at=MOMENT + timedelta(days=seen))
        for device, (*_, seen) in zip(made, facts, strict=True)
        if seen is not None
    )


def ordering(sort: str) -> Ordering:
    return ordering_of(read_sort(sort, DEVICES), DEVICES)


def walk(
    organization: Organization,
    sort: str,
    limit: int,
    between: Callable[[], object] = lambda: None,
    place: Place | None = None,
) -> list[list[int]]:
    """The numbers on each page, forwards or, from a place that looks back, backwards."""
    is_back, pages = place is not None and place.is_back, []
    while True:
        rows = Device.objects.of(organization)
        page = page_of(rows, ordering(sort), [F("number")], limit=limit, place=place)
        pages.append([number for (number,) in page.rows])
        place = page.previous if is_back else page.next
        if place is None:
            return pages
        place = place_of(cursor_of(place, sort), sort)
        between()


def in_order(organization: Organization, sort: str) -> list[int]:
    """By Python: texts by code point, what is missing last, ties by number the last way."""
    rows = list(Device.objects.of(organization).select_related("contact"))
    names = sort.split(",")
    rows.sort(key=lambda device: device.number, reverse=names[-1].startswith("-"))
    for name in reversed(names):
        known = [device for device in rows if value_of(device, name) is not None]
        missing = [device for device in rows if value_of(device, name) is None]
        known.sort(key=lambda device: value_of(device, name), reverse=name.startswith("-"))
        rows = known + missing
    return [device.number for device in rows]


def value_of(device: Device, name: str) -> Any:
    name = name.removeprefix("-")
    if name == "seen_at":
        return device.contact.seen_at if hasattr(device, "contact") else None
    return getattr(device, name)


@settings(max_examples=30)
@given(st.lists(FACTS, max_size=12), st.sampled_from(SORTS), st.integers(1, 5))
def test_pages_are_the_order_cut_up(facts: list[Facts], sort: str, limit: int) -> None:
    organization = make_organization()
    add(organization, facts)
    pages = walk(organization, sort, limit)
    assert list(chain(*pages)) == in_order(organization, sort)
    assert all(len(page) == limit for page in pages[:-1])


@settings(max_examples=30)
@given(st.lists(FACTS, min_size=1, max_size=12), st.sampled_from(SORTS), st.data())
def test_the_way_back_shows_the_same(facts: list[Facts], sort: str, data: st.DataObject) -> None:
    organization = make_organization()
    add(organization, facts)
    whole = in_order(organization, sort)
    forwards = walk(organization, sort, 3)
    last = forwards[-1]
    rows = Device.objects.of(organization)
    keys = [order.key for order in ordering(sort)]
    named = {f"key_{index}": key for index, key in enumerate(keys)}
    (values,) = rows.filter(number=last[0]).annotate(**named).values_list(*named)
    limit = data.draw(st.integers(1, 4))
    backwards = walk(organization, sort, limit, place=Place(values, is_back=True))
    told = list(chain(*reversed(backwards)))
    assert told == whole[: len(whole) - len(last)]


@settings(max_examples=30)
@given(
    st.lists(FACTS, min_size=1, max_size=12),
    st.sampled_from(SORTS),
    st.integers(1, 4),
    st.data(),
)
def test_what_stands_still_is_met_once_while_others_move(
    facts: list[Facts], sort: str, limit: int, data: st.DataObject
) -> None:
    organization = make_organization()
    add(organization, facts)
    numbers = in_order(organization, sort)
    standing = set(data.draw(st.sets(st.sampled_from(numbers))))

    def change() -> None:
        others = Device.objects.of(organization).exclude(number__in=standing)
        match data.draw(st.sampled_from(["add", "delete", "rename", "call"])):
            case "add" if Device.objects.of(organization).count() < 40:
                add(organization, [data.draw(FACTS)])
            case "delete":
                others.filter(number__in=list(others.values_list("number", flat=True)[:1])).delete()
            case "rename":
                others.update(name=data.draw(NAMES), group=data.draw(st.sampled_from(["", "lab"])))
            case "call":
                seen_at = MOMENT + timedelta(days=data.draw(st.integers(0, 9)))
                Contact.objects.filter(device__in=others).update(seen_at=seen_at)

    steps = iter(range(30))

    def between() -> None:
        if next(steps, None) is not None:
            change()

    met = [number for page in walk(organization, sort, limit, between) for number in page]
    assert sorted(number for number in met if number in standing) == sorted(standing)


def test_from_a_page_that_has_gone_one_finds_back() -> None:
    organization = make_organization()
    add(organization, [("a", "", 0, None)] * 4)
    rows = Device.objects.of(organization)
    first = page_of(rows, ordering("name"), [F("number")], limit=2)
    told = [number for (number,) in first.rows]
    rows.exclude(number__in=told).delete()
    empty = page_of(rows, ordering("name"), [F("number")], limit=2, place=first.next)
    assert (empty.rows, empty.next) == ([], None)
    back = page_of(rows, ordering("name"), [F("number")], limit=2, place=empty.previous)
    assert back.rows == first.rows


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        place_of(text, "devices name")


def test_a_cursor_is_for_its_order_and_unchanged() -> None:
    place = Place((MOMENT, "é", None, 1.5, True, 7), is_back=True)
    cursor = cursor_of(place, "devices name")
    assert place_of(cursor, "devices name") == place
    for damaged in [cursor[:-1], f"A{cursor[1:]}", cursor.replace(".", ""), ""]:
        with pytest.raises(InvalidCursor):
            place_of(damaged, "devices name")
    with pytest.raises(InvalidCursor):
        place_of(cursor, "devices -name")
