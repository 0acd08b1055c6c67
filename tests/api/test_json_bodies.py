"""What comes in as JSON is what every database can keep."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_bodies import MAX_DEPTH, WrongMediaType, check_media_type, decode, encode, member
from fleet.errors import Invalid

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_what_went_out_comes_in(value: object) -> None:
    assert decode(encode(value)) == value


@given(st.binary())
def test_anything_else_is_refused_and_nothing_more(raw: bytes) -> None:
    with contextlib.suppress(Invalid):
        encode(decode(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b'"\\ud800"',
        b'"a\\u0000b"',
        b'{"\\u0000":1}',
        b"\xef\xbb\xbf{}",
        b"{'a':1}",
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    ],
)
def test_what_cannot_be_kept_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match="failed to decode request body"):
        decode(raw)


def test_a_backslash_before_u0000_is_no_nul() -> None:
    assert decode(b'"\\\\u0000"') == "\\u0000"


def test_numbers_beyond_64_bits_are_told_as_they_are() -> None:
    assert encode({"sn": "ü", "n": [10**20]}) == '{"sn":"ü","n":[100000000000000000000]}'.encode()


def test_it_may_be_wide_and_as_deep_as_allowed() -> None:
    assert decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert len(decode(b"[" + b",".join([b"[]"] * 1000) + b"]")) == 1000


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    assert decode(b'{"a":1,"a":2}') == {"a": 2}


def test_a_member_is_found_in_any_case_and_the_exact_one_first() -> None:
    assert member({"Status": 1}, "status") == 1
    assert member({"STATUS": 1, "status": 2}, "status") == 2
    assert member({}, "status", "none") == "none"


@pytest.mark.parametrize(
    "content_type", ["", "application/json", 'Application/JSON; charset="UTF-8"', "text/x+json"]
)
def test_json_calls_itself_json(content_type: str) -> None:
    check_media_type(content_type, b"{}")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json;charset=latin-1", "json"])
def test_a_body_of_another_kind_is_told_apart(content_type: str) -> None:
    with pytest.raises(WrongMediaType):
        check_media_type(content_type, b"{}")
    check_media_type(content_type, b"")
