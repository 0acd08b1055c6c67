"""The same condition in the terms of Mender's API and in FIQL."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fleet.errors import Invalid
from fleet.filters import check_terms, matching
from fleet.listing.devices import DEVICES
from fleet.models import Device
from fleet.term_words import from_terms, to_terms
from query.compiling import compiled
from query.fiql.parsing import parse
from query.fiql.rendering import Unspeakable, render
from tests.fleet.test_filters import terms
from tests.make import make_device, make_organization
from tests.query.fiql.trees import START

SAID = {
    "status==accepted": ("identity", "status", "$eq", "accepted"),
    "status!=accepted": ("identity", "status", "$ne", "accepted"),
    "group=in=(a,b)": ("system", "group", "$in", ["a", "b"]),
    "group=out=(a,b)": ("system", "group", "$nin", ["a", "b"]),
    "group=is=null": ("system", "group", "$exists", False),
    "attribute.a==b": ("inventory", "a", "$eq", "b"),
    "!(attribute.a==b)": ("inventory", "a", "$ne", "b"),
    "attribute.a=gt='5'": ("inventory", "a", "$gt", "5"),
    "attribute.a==edge-*.x": ("inventory", "a", "$regex", "^edge\\-.*\\.x$"),
    "tag.a=not=null": ("tags", "a", "$exists", True),
    "tag==eu": ("tags", "eu", "$exists", True),
    "tag!=eu": ("tags", "eu", "$exists", False),
    "monitor.alerts==boolean:true": ("monitor", "alerts", "$eq", True),
    "created_at=ge=2026-05-04": ("system", "created_ts", "$gte", "2026-05-04T00:00:00.000Z"),
}


@pytest.mark.parametrize(("query", "term"), SAID.items())
def test_what_terms_can_say(query: str, term: tuple[Any, ...]) -> None:
    keys = ("scope", "attribute", "type", "value")
    assert to_terms(parse(query, DEVICES)) == [dict(zip(keys, term, strict=True))]


def test_a_conjunction_is_all_of_its_terms() -> None:
    found = to_terms(parse("status==accepted;(group==a;tag==b)", DEVICES))
    assert found is not None
    assert [term["attribute"] for term in found] == ["status", "group", "b"]


@pytest.mark.parametrize(
    "query",
    ["name==a", "status==pending,group==a", "!(group=gt=a)", "attribute.a==5", "identity.id==5"],
)
def test_what_terms_cannot_say(query: str) -> None:
    assert to_terms(parse(query, DEVICES)) is None


class TestEveryTerm(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.lists(terms(), min_size=1, max_size=3))
    def test_terms_in_fiql_select_the_same(self, asked: list[dict[str, Any]]) -> None:
        check_terms(asked)
        home = make_organization()
        for index, value in enumerate(["ab", 1, ["a", "b"], [1, 2], "", 0.5]):
            told = dict.fromkeys(["a", "b", "ü", "100%"], value)
            make_device(home, inventory=told, tags={"a": value}, identity={"b": value, "sn": index})
        text = render(from_terms(asked), DEVICES)
        chosen = Device.objects.of(home).filter(compiled(parse(text, DEVICES), DEVICES.target_of))
        numbers = set(chosen.values_list("number", flat=True))
        assert numbers == set(matching(home, asked).values_list("number", flat=True)), text


COLUMNS = [
    ("identity", "id", "$in", ["x", "00000000-0000-0000-0000-000000000000"]),
    ("identity", "id", "$nin", ["x"]),
    ("identity", "status", "$eq", "nowhere"),
    ("identity", "status", "$ne", 5),
    ("system", "group", "$in", ["", "a"]),
    ("system", "group", "$eq", ["a"]),
    ("system", "group", "$gt", 5),
    ("system", "group", "$regex", "^a"),
    ("system", "created_ts", "$lte", "2026-05-04T05:02:01.123+02:00"),
    ("system", "created_ts", "$in", ["2026-05-04T03:02:01.123Z", "2020-01-01"]),
    ("system", "updated_ts", "$gt", "2020-01-01"),
    ("system", "check_in_time", "$ltne", "2026-05-05"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("facts", COLUMNS, ids=str)
def test_columns_are_asked_for_the_same(facts: tuple[Any, ...]) -> None:
    home = make_organization()
    make_device(home, group="a", created_at=START)
    make_device(home, status="pending", seen_at=START)
    term = dict(zip(("scope", "attribute", "type", "value"), facts, strict=True))
    text = render(from_terms([term]), DEVICES)
    chosen = Device.objects.of(home).filter(compiled(parse(text, DEVICES), DEVICES.target_of))
    assert set(chosen) == set(matching(home, [term])), text


@pytest.mark.parametrize(
    "facts", [("identity", "status", "$gt", "a"), ("system", "other", "$eq", "a")], ids=str
)
def test_what_the_list_has_no_words_for_is_not_said(facts: tuple[Any, ...]) -> None:
    term = dict(zip(("scope", "attribute", "type", "value"), facts, strict=True))
    with pytest.raises((Unspeakable, Invalid)):
        from_terms([term])
