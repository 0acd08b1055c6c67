"""Carbon Black's device search, whatever is thrown at it."""

from time import process_time
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from api.carbonblack.errors import Refused
from api.carbonblack.search.facts import facts_of, read
from api.carbonblack.search.fields import NAMES
from api.carbonblack.search.reading import Term
from api.carbonblack.search.reading import read as read_query
from api.carbonblack.search.selecting import search_of
from fleet.models import Device, Organization
from query.fiql.errors import Misread
from query.matching import matches
from query.tree import All, Comparison, Condition, Not, Operator, Some
from query.wildcards import pattern_of, pieces_of
from tests.api.carbonblack.search_texts import criteria, facts, queries
from tests.api.carbonblack.searched import settle_one, take_part
from tests.make import make_artifact, make_distribution_set, make_organization, make_release

CODES = {
    "SUS_4001_MISSING_FIELD",
    "SUS_4002_INVALID_FIELD_TYPE",
    "SUS_4003_INVALID_ENUM_VALUE",
    "SUS_4004_INVALID_CRITERIA_FIELD",
    "SUS_4012_INVALID_QUERY",
    "SUS_4014_INVALID_VALUE",
}
SETTLED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


pieces = st.sampled_from(
    [
        *("name", "os", "status", "policy_id", ":", "mac", "(", ")", '"', "*", "\\", " ", "AND"),
        *("OR", "NOT", "ü", "7", "-", "\n", "\u3000"),
    ]
)


class Asked(TestCase):
    def setUp(self) -> None:
        self.organization = make_organization()

    @SETTLED
    @given(
        st.lists(facts, min_size=1, max_size=4),
        st.lists(st.tuples(criteria, criteria, queries), min_size=3, max_size=6),
    )
    def test_the_database_selects_what_the_matcher_matches(
        self, devices: list[dict[str, Any]], asked: list[tuple[Any, Any, str]]
    ) -> None:
        make_releases(self.organization)
        for each in devices:
            device = settle_one(self.organization, None, each)
            if each["outcome"]:
                take_part(device, each["outcome"].split())
        rows = read(Device.objects.of(self.organization)).order_by("number")
        known = facts_of(self.organization.pk, rows)
        for wanted, excluded, query in asked:
            definition = {"criteria": wanted, "exclusions": excluded, "query": query}
            search = search_of(self.organization, definition)
            found = search.of(self.organization).order_by("number")
            selected = list(found.values_list("number", flat=True))
            matching = [
                each.device.number for each in known if matches(search.condition, each.look_up)
            ]
            assert selected == matching, definition


class Thrown(TestCase):
    def setUp(self) -> None:
        self.organization = make_organization()

    @settings(max_examples=200, deadline=None)
    @example("(" * 4000)
    @example("NOT " * 1000)
    @example("\\" * 4096)
    @example('"' + "\\" * 4000)
    @example("a:" * 2000)
    @example("*" * 4096)
    @example("name:" + "*a" * 2000)
    @example("\ud800")
    @example("a\0b")
    @example("id:99999999999999999999999")
    @example("policy_id:²")
    @given(st.text(max_size=60) | st.lists(pieces, max_size=14).map("".join))
    def test_garbage_is_refused_with_its_place_and_quickly(self, text: str) -> None:
        began = process_time()
        refused = self.refusal({"query": text})
        assert process_time() - began < 1
        if refused:
            assert (refused.status, refused.code) == (400, "SUS_4012_INVALID_QUERY")
            assert 0 <= refused.facts[0] <= len(text)
            assert refused.message

    @settings(max_examples=150, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from([*NAMES, "last_contact_time", "colour", ""]),
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats(allow_nan=False)
                | st.sampled_from(["mac", "ALL", "-3h", "2020-01-01", "2020-13-99", "9999-12-31"])
                | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["start", "end", "range", "x"]), inner)
                ),
                max_leaves=5,
            ),
            max_size=3,
        )
    )
    def test_criteria_that_are_none_are_refused(self, wanted: dict[str, Any]) -> None:
        try:
            definition = {"criteria": orjson.loads(orjson.dumps(wanted))}
        except TypeError:
            definition = {"criteria": wanted}
        refused = self.refusal(definition)
        assert refused is None or (refused.status, refused.code in CODES) == (400, True)

    def refusal(self, definition: dict[str, Any]) -> Refused | None:
        try:
            search_of(self.organization, definition).of(self.organization).count()
        except Refused as refused:
            return refused
        return None


def make_releases(organization: Organization) -> None:
    """What some of the devices run, and what others could."""
    make_distribution_set(organization, "fw", "4", name="fw")
    for kit, version in (("mac", "3.10"), ("other", "3.9")):
        make_artifact(make_release(organization, name=version), device_types=[kit])


terms = st.builds(
    Comparison,
    st.just(("name",)),
    st.just(Operator.EQUAL),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6),
) | st.builds(
    Comparison,
    st.just(("name",)),
    st.just(Operator.LIKE),
    # A word has no blanks other than spaces, and a backslash before these.
    st.lists(st.text('ab *"()\\:ü', max_size=4), min_size=2, max_size=3).map(pattern_of),
)
trees: st.SearchStrategy[Condition] = st.recursive(
    terms,
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(All, st.lists(parts, min_size=2, max_size=3).map(tuple))
        | st.builds(Some, st.lists(parts, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(trees, st.booleans())
def test_what_is_written_is_read_again(tree: Condition, is_quoted: bool) -> None:
    assert read_query(written(tree, is_quoted=is_quoted), meaning) == tree


def test_what_is_too_deep_is_refused_where_it_begins() -> None:
    with pytest.raises(Misread) as misread:
        read_query("(" * 40 + "a" + ")" * 40, meaning)
    assert misread.value.position == 32


def meaning(term: Term) -> Condition:
    if term.pattern is None:
        return Comparison((term.field,), Operator.EQUAL, term.value)
    return Comparison((term.field,), Operator.LIKE, term.pattern)


def written(tree: Condition, *, is_quoted: bool) -> str:
    """The tree as a query, with whatever parentheses are needed."""
    match tree:
        case Comparison((name,), Operator.EQUAL, str() as value):
            spelt = quoted(value) if is_quoted else word(value)
            return f"{name}:{spelt or quoted(value)}"
        case Comparison((name,), _, str() as pattern):
            return f"{name}:{'*'.join(map(word, pieces_of(pattern)))}"
        case Not(part):
            return f"NOT ({written(part, is_quoted=is_quoted)})"
        case All(parts):
            # Neighbours are joined as if by the operator.
            sign = " AND " if is_quoted else " "
            return sign.join(f"({written(part, is_quoted=is_quoted)})" for part in parts)
        case Some(parts):
            return " OR ".join(f"({written(part, is_quoted=is_quoted)})" for part in parts)
    raise AssertionError(tree)


def quoted(text: str) -> str:
    spelt = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{spelt}"'


def word(text: str) -> str:
    """With a backslash before each sign; empty where only quotes can hold the text."""
    if any(each.isspace() and each != " " for each in text):
        return ""
    return "".join(f"\\{each}" if each in '+-&|!(){}[]^"~*?:\\/ ' else each for each in text)
