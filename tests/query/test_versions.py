"""Versions have one order, whatever texts they are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.versions import version_key

TEXTS = st.text(st.sampled_from("0129.-~ aväβrc😀\udc80"), max_size=8) | st.from_regex(
    r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}(-(rc|beta)[0-9]?)?", fullmatch=True
)


@pytest.mark.parametrize(
    ("lower", "higher"), list(pairwise(["3.9", "3.10-rc1", "3.10", "3.10.1", "4"]))
)
def test_numbers_count_as_numbers_and_what_announces_a_version_comes_before_it(lower, higher):
    assert version_key(lower) < version_key(higher)


def test_whatever_else_a_version_holds_it_has_its_place():
    some = ["", "1", "1.0", "1.0.0", "1.0.1", "1.2", "1.10", "2", "10", "v1", "v2"]
    assert sorted(set(some), key=version_key) == some
    assert version_key("3.7.2.81") == version_key("03.7.002.81")
    assert version_key("1.0~anything") < version_key("1.0")


def test_a_number_may_be_longer_than_any_that_can_be_reckoned_with():
    assert version_key("1" * 9_000) > version_key("9" * 8_999)


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_is_total(first, second, third):
    low, middle, high = sorted(map(version_key, (first, second, third)))
    assert low <= middle <= high
    assert low <= high
    assert (low == high) == (not low < high)


@given(TEXTS)
def test_no_version_comes_before_none(text):
    assert version_key("") <= version_key(text)


@given(st.lists(st.integers(0, 10**30), min_size=1), st.lists(st.integers(0, 10**30), min_size=1))
def test_plain_versions_compare_as_their_numbers(first, second):
    texts = (".".join(map(str, numbers)) for numbers in (first, second))
    one, other = map(version_key, texts)
    assert (one < other) == (first < second)
