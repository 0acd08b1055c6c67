"""What is no query is refused with the place, what is there and what would have been taken."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.digi.language import QueryError
from api.digi.language.fields import FIELDS
from api.digi.language.meaning import parse
from api.digi.language.words import Word

MESSAGES = [
    ("", "1: found the end, expected a field or “(”"),
    ("colour = 'red'", "1: found colour, expected a field of jobs or devices"),
    ("user = 'bob'", "1: found user, expected a field such as username"),
    ("Last_Connect > 1", "1: found Last_Connect, expected a field that is no timestamp"),
    ("not (id = 1)", "1: found not, expected a field such as notes"),
    ("id", "3: found the end, expected =, <>, <, <=, >, >=, startsWith, endsWith or contains"),
    ("name like 'x'", "6: found like, expected =, <>, <, <=, >, >=, startsWith, endsWith or"),
    ("group > '/a'", "7: found >, expected =, <>, startsWith, endsWith or contains"),
    ("signal_percent contains 2", "16: found contains, expected =, <>, <, <=, > or >="),
    ("health_status startsWith 'w'", "15: found startsWith, expected = or <>"),
    ("status = 'old'", "10: found 'old', expected 'new', 'in_progress', 'completed' or 'canceled'"),
    ("status = new", "10: found new, expected a number or a text in single quotes"),
    ('name = "x"', '8: found ", expected a number or a text in single quotes'),
    ("name = 'x", "8: found ', expected a number or a text in single quotes"),
    ("name = 'x''", "8: found ', expected a number or a text in single quotes"),
    ("name = 'x’", "8: found ', expected a number or a text in single quotes"),
    ("name=1and id=1", "6: found 1and, expected a number or a text in single quotes"),
    ("name = 1.x", "8: found 1.x, expected a number or a text in single quotes"),
    ("signal_percent < 'low'", "18: found 'low', expected a number"),
    ("status = 'new' and", "19: found the end, expected a field or “(”"),
    ("(status = 'new'", "16: found the end, expected “and”, “or” or “)”"),
    ("id = 1 id = 2", "8: found id, expected “and”, “or” or the end"),
    ("id = 1)", "7: found ), expected “and”, “or” or the end"),
    ("()", "2: found ), expected a field or “(”"),
    ("name = 'a\0b'", "10: found a character that no text may hold, expected another one"),
]


@pytest.mark.parametrize(("query", "message"), MESSAGES)
def test_each_mistake_is_told_by_its_place(query: str, message: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert str(raised.value).startswith(f"query: position {message}")


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(["id=1"] * 200),
        "(" * 32 + "id = 1" + ")" * 32,
        "name = '" + "x" * 8183 + "'",
        "signal_percent < " + "9" * 8000,
        "signal_percent < -0." + "9" * 8000,
        "id = 1" + " " * 8000,
        "name=1.50 and(ID=2)or\tname=-3",
        "tags='it''s’'",
    ],
)
def test_what_is_within_the_limits_is_read(query: str) -> None:
    parse(query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (" or ".join(["id=1"] * 201), "1601: found id, expected at most 200 comparisons"),
        ("(" * 33 + "id = 1" + ")" * 33, "33: found (, expected parentheses at most 32 deep"),
        ("name = '" + "ä" * 4092 + "'", "8193: found 8193 bytes, expected at most 8192"),
    ],
)
def test_what_is_beyond_them_is_not(query: str, message: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert str(raised.value) == f"query: position {message}"


LETTERS = st.sampled_from([*"abz09_.-+*%()<>= \t\n'\"‘’;,!&|\\", "é", "\0", "\ud800", "and", "or"])
SOME = st.sampled_from([*FIELDS, *Word, "and", "or", "(", ")", "'a'", "12", "-1.5", "not", " "])


@given(st.text() | st.lists(LETTERS).map("".join) | st.lists(SOME, max_size=12).map(" ".join))
@example("id = '" + "9" * 5000 + "'")
@example("(" * 8000)
@example("'" * 8000)
@example("id=" + "1." * 4000)
def test_garbage_is_refused_and_never_worse(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert str(error).startswith(f"query: position {error.position}: found ")  # noqa: PT017
        assert ", expected " in str(error)  # noqa: PT017
