"""Conditions in the order of RFC 9110 §13.2.2, and the one range a GET may ask for."""

from itertools import product

import pytest
from django.utils.http import http_date

from artifacts.ranges import Unsatisfiable, Validators, Verdict, precondition, wanted_range

NOW = 1_800_000_000
CURRENT = Validators('"abc"', NOW)
OLDER, SAME, NEWER = http_date(NOW - 1), http_date(NOW), http_date(NOW + 1)

MATCH = {None: True, '"abc"': True, '"x", "abc"': True, "*": True, '"x"': False, 'W/"abc"': False}
UNMODIFIED = {None: True, SAME: True, NEWER: True, OLDER: False, "nonsense": True}
NONE_MATCH = {None: None, '"x"': True, '"abc"': False, 'W/"abc"': False, "*": False}
MODIFIED = {None: True, OLDER: True, SAME: False, NEWER: False, "nonsense": True}


def _by_the_book(match: str | None, unmodified: str | None, none: str | None, since: str | None):  # type: ignore[no-untyped-def]
    if not (UNMODIFIED[unmodified] if match is None else MATCH[match]):
        return Verdict.PRECONDITION_FAILED
    if not (MODIFIED[since] if none is None else NONE_MATCH[none]):
        return Verdict.NOT_MODIFIED
    return Verdict.PROCEED


@pytest.mark.parametrize(("match", "unmodified"), list(product(MATCH, UNMODIFIED)))
def test_every_combination_of_conditions(match: str | None, unmodified: str | None) -> None:
    for none, since in product(NONE_MATCH, MODIFIED):
        given = {
            "If-Match": match,
            "If-Unmodified-Since": unmodified,
            "If-None-Match": none,
            "If-Modified-Since": since,
        }
        headers = {name: value for name, value in given.items() if value is not None}
        verdict = precondition(headers, CURRENT)
        assert verdict is _by_the_book(match, unmodified, none, since), headers


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("bytes=0-99", range(100)),
        ("bytes=0-0", range(1)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=10-", range(10, 100)),
        ("bytes=99-", range(99, 100)),
        ("bytes=50-1000", range(50, 100)),
        ("bytes=50-999999999999999999999999", range(50, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-100", range(100)),
        ("bytes=-1000", range(100)),
        ("Bytes=0-9", range(10)),
        (" bytes= 0-9 ", range(10)),
    ],
)
def test_a_range_within_the_content(asked: str, given: range) -> None:
    assert wanted_range({"Range": asked}, CURRENT, 100) == given


@pytest.mark.parametrize(
    "asked",
    [
        *("", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=200-150"),
        *("lines=0-9", "bytes=0-9,20-29", "bytes=0-9,", "bytes=--5", "bytes=+1-2", "bytes=1-2x"),
        *("bytes=１-２", "bytes 0-9", "bytes=" + "9" * 5000 + "-"),
    ],
)
def test_anything_else_asks_for_the_whole(asked: str) -> None:
    assert wanted_range({"Range": asked}, CURRENT, 100) is None


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=1000-", "bytes=-0"])
def test_a_range_outside_of_the_content(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        wanted_range({"Range": asked}, CURRENT, 100)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('"abc"', True),
        (SAME, True),
        ('W/"abc"', False),
        ('"x"', False),
        (OLDER, False),
        (NEWER, False),
        ("*", False),
        ("nonsense", False),
    ],
)
@pytest.mark.parametrize("asked", ["bytes=10-19", "bytes=100-"])
def test_a_range_of_something_else_asks_for_the_whole(
    asked: str, condition: str, *, holds: bool
) -> None:
    headers = {"Range": asked, "If-Range": condition}
    if not holds:
        assert wanted_range(headers, CURRENT, 100) is None
    elif asked == "bytes=10-19":
        assert wanted_range(headers, CURRENT, 100) == range(10, 20)
