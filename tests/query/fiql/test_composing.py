"""Texts of conditions put together and taken apart, as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.listing.devices import DEVICES
from query.fiql.composing import joined, parts_of
from query.fiql.parsing import parse
from query.tree import All

LEAVES = st.sampled_from(
    ["name==a", "name == 'x;(y'", "seen_at=lt=now-7d", "status=in=(pending, accepted)", "group!=b"]
)
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]};{two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"( {two[0]} or {two[1]} )"),
        inner.map(lambda one: f"!({one})"),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("name==a", ["name==a"]),
        ("name==a;group==b and tag.x==1", ["name==a", "group==b", "tag.x==1"]),
        ("name==a,group==b", ["name==a,group==b"]),
        ("name==a;(group==b,group==c)", ["name==a", "(group==b,group==c)"]),
        ("((name==a,name==b);group==c)", ["(name==a,name==b)", "group==c"]),
        ("name==a;!( (group==b,group==c) )", ["name==a", "!( (group==b,group==c) )"]),
    ],
)
def test_the_parts_that_all_hold(text, parts):
    assert [part.text for part in parts_of(text)] == parts


def test_what_is_left_without_one():
    rests = [part.rest for part in parts_of("name==a;(group==b,group==c);seen_at=lt=now-7d")]
    assert rests[0] == "(group==b,group==c);seen_at=lt=now-7d"
    assert rests[1] == "name==a;seen_at=lt=now-7d"
    assert parts_of("name==a")[0].rest == ""


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_joined_texts_mean_all_of_them_and_come_apart_again(texts):
    whole = joined(*texts)
    one_by_one = [parse(text, DEVICES) for text in texts]
    assert flat(parse(whole, DEVICES)) == [leaf for each in one_by_one for leaf in flat(each)]
    for part in parts_of(whole):
        parse(part.text, DEVICES)
        parse(part.rest, DEVICES) if part.rest else None


def test_nothing_is_joined_to_nothing():
    assert joined() == joined("", "") == ""
    assert joined("", "name==a,name==b") == "name==a,name==b"


def flat(condition):
    """The conditions that all have to hold; moments aside, which pass while one reads."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    if len(parts) == 1 or not isinstance(condition, All):
        return [] if "seen_at" in repr(condition) else [condition]
    return [leaf for part in parts for leaf in flat(part)]
