"""What is no condition is refused: where, what was found, what was expected, and at once."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.fiql.errors import Misread
from query.fiql.parsing import parse
from tests.query.fiql.trees import THINGS

LONG = 4096


@pytest.mark.parametrize(
    ("text", "position", "found", "expected"),
    [
        ("", 0, "", "a field"),
        ("   ", 3, "", "a field"),
        ("nmae==a", 0, "nmae", "name"),
        ("name==a;Sise==1", 8, "Sise", "size"),
        ("name", 4, "", "=="),
        ("name=", 4, "=", "=="),
        ("name =foo= a", 5, "=foo=", "=in="),
        ("name==", 6, "", "a value"),
        ("name==;", 6, ";", "a value"),
        ("name==a)", 7, ")", "the end"),
        ("name==a b", 8, "b", "“and”"),
        ("name==(a,b)", 6, "(", "a value"),
        ("name=in=()", 9, ")", "a value"),
        ("name=in=(a", 10, "", "“)”"),
        ("(name==a", 8, "", "“)”"),
        ("name=='a", 6, "'a", "'"),
        ('name=="a\\"', 6, '"a\\"', '"'),
        ("!name==a", 1, "name", "“(”"),
        ("name==a;;name==b", 8, ";", "a field"),
        ("name==a and", 11, "", "a field"),
        ("size==ten", 6, "ten", "a number such as 42 or -1.5"),
        ("size==1e999", 6, "1e999", "a number such as 42 or -1.5"),
        ("is_open==1", 9, "1", "true"),
        ("status==New", 8, "New", "new"),
        ("status==n*", 8, "n*", "new"),
        ("status=gt=new", 6, "=gt=", "=in="),
        ("id==1", 4, "1", "a UUID"),
        ("created_at==yesterday", 12, "yesterday", "a day such as 2026-05-04"),
        ("created_at==2026-13-01", 12, "2026-13-01", None),
        ("created_at=gt=-999999999w", 14, "-999999999w", None),
        ("name=regex='('", 11, "(", "a regular expression"),
        ("note==a", 0, "note", "note.name"),
        ("note.==a", 0, "note.", "note.name"),
        ("extra==a", 0, "extra", "name"),
        ("name.x==a", 0, "name.x", "name"),
        ("filter==mine", 8, "mine", "the name of a saved filter"),
        ("filter=gt=mine", 6, "=gt=", "=="),
        ("name==a\0b", 7, "", None),
        ("name==\ud800", 6, "", None),
    ],
)
def test_where_and_why(text: str, position: int, found: str, expected: str | None) -> None:
    with pytest.raises(Misread) as refused:
        parse(text, THINGS)
    assert (refused.value.position, refused.value.found) == (position, found)
    assert expected is None or expected in refused.value.expected
    assert refused.value.message


def test_near_names_come_first() -> None:
    with pytest.raises(Misread) as refused:
        parse("ownername==a", THINGS)
    assert refused.value.expected[0] == "owner.name"
    assert "did you mean owner.name" in refused.value.message


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (f"name=={'a' * LONG}", "4096 characters"),
        ("(" * 33 + "name==a" + ")" * 33, "32 deep"),
        (";".join(["size==1"] * 101), "100 questions"),
        (f"size=in=({','.join(['1'] * 501)})", "500 values"),
    ],
)
def test_there_is_a_limit_to_everything(text: str, limit: str) -> None:
    with pytest.raises(Misread, match=limit):
        parse(text, THINGS)


@pytest.mark.parametrize(
    "text",
    [
        f"name=={'a' * (LONG - 6)}",
        "(" * 32 + "name==a" + ")" * 32,
        "!(" * 32 + "name==a" + ")" * 32,
        ";".join(["size==1"] * 100),
        f"size=in=({','.join(['1'] * 500)})",
    ],
)
def test_what_just_keeps_the_limits_is_read(text: str) -> None:
    parse(text, THINGS)


PIECES = [
    *("(", ")", "'", '"', ",", ";", "\\", "=", "!", "<", ">", "*", " ", "!(", "((", "\\'", "=in=("),
    *(
        "name",
        "name==",
        "name=='",
        "note.",
        "note.'a'",
        "==",
        "=in=(a,",
        "a and ",
        " or ",
        ".",
        "x",
    ),
    *(
        "created_at==now-",
        "id==",
        "size==1e",
        "size==9",
        "name=regex=(",
        "name=regex=[",
        "note.x==*",
    ),
    *(
        "filter==",
        "note.x=list=(",
        "name==*a",
        "~",
        "\t",
        "é",
        "𐍈",
        "\u2028",
        "-",
        "%",
        "status=out=(",
    ),
    *("name==a,", "name==a;", "size=in=(1,2),", "!(name==a);", "note.x!=5 or ", "(name==a),"),
]


def refusal(text: str) -> tuple[float, Misread | None]:
    """How long it took, and what it was refused for."""
    begun, refused = time.perf_counter(), None
    try:
        parse(text, THINGS)
    except Misread as error:
        refused = error
    return time.perf_counter() - begun, refused


@pytest.mark.parametrize("piece", PIECES)
def test_no_garbage_takes_long_to_refuse(piece: str) -> None:
    """The best of three: how busy the machine is says nothing."""
    for text in (piece * (LONG // len(piece)), piece * LONG, f"name==a;{piece * 2000}"[:LONG]):
        assert min(refusal(text)[0] for _ in range(3)) < 0.05


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)
    | st.text(st.sampled_from(string.punctuation + "ab1 ")),
)
def test_whatever_is_no_condition_is_misread(text: str) -> None:
    _seconds, refused = refusal(text)
    assert refused is None or 0 <= refused.position <= len(text)
