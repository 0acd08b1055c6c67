"""Which operators each kind of column takes, and what a value becomes."""

from datetime import UTC, datetime

import pytest

from query.fiql.errors import Misread
from query.fiql.parsing import parse
from query.fiql.words import Word
from query.listing import Kind
from query.tree import Bare, Comparison, Condition, Operator, Some, Value
from tests.query.fiql.trees import THINGS

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORDER = {Word.LESS, Word.LESS_OR_SAME, Word.GREATER, Word.GREATER_OR_SAME}
TAKEN = {
    ("name", "a"): set(Word) - {Word.LIST},
    ("label", "a"): set(Word) - {Word.LIST},
    ("tag", "a"): set(Word) - {Word.LIST},
    ("note.x", "a"): set(Word),
    ("size", "1"): set(Word) - {Word.LIST, Word.FOUND},
    ("created_at", "now"): set(Word) - {Word.LIST, Word.FOUND},
    ("status", "new"): set(Word) - {Word.LIST, Word.FOUND} - ORDER,
    ("is_open", "true"): set(Word) - {Word.LIST, Word.FOUND} - ORDER,
    ("id", "00000000-0000-0000-0000-000000000001"): set(Word) - {Word.LIST, Word.FOUND} - ORDER,
}


def is_taken(text: str) -> bool:
    try:
        parse(text, THINGS)
    except Misread as error:
        assert error.found in list(Word)  # noqa: PT017 - the operator is what is refused
        return False
    return True


@pytest.mark.parametrize(("field", "value"), TAKEN)
@pytest.mark.parametrize("word", list(Word))
def test_a_kind_takes_its_operators(field: str, value: str, word: Word) -> None:
    assert is_taken(f"{field}{word}{value}") == (word in TAKEN[field, value])


def test_every_kind_that_can_be_asked_for_is_tried() -> None:
    tried = {THINGS.find(field)[0].kind for field, _value in TAKEN}  # type: ignore[index]
    assert tried == set(Kind) - {Kind.JSON}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("size==5", 5),
        ("size==-1.5e2", -150.0),
        ("size=='5'", 5),
        ("is_open==TRUE", True),
        ("id==0000000000000000000000000000000A", "00000000-0000-0000-0000-00000000000a"),
        ("created_at==2026-05-04T05:02:01.1239+02:00", "2026-05-04T03:02:01.123Z"),
        ("created_at==2026-05-04t03:02z", "2026-05-04T03:02:00.000Z"),
        ("created_at=='2026-05-04 03:02:01'", "2026-05-04T03:02:01.000Z"),
        ("created_at==1777863721123", "2026-05-04T03:02:01.123Z"),
        ("created_at==NOW", "2026-05-04T12:00:00.000Z"),
        ("created_at==now-7d", "2026-04-27T12:00:00.000Z"),
        ("created_at==-90M", "2026-05-04T10:30:00.000Z"),
        ("created_at==now+1h", "2026-05-04T13:00:00.000Z"),
        ("created_at=lt=2026-05-04", "2026-05-04T00:00:00.000Z"),
        ("created_at=ge=2026-05-04", "2026-05-04T00:00:00.000Z"),
        ("created_at=gt=2026-05-04", "2026-05-04T23:59:59.999Z"),
        ("created_at=le=2026-05-04", "2026-05-04T23:59:59.999Z"),
        ("note.x==5", Bare("5")),
        ("note.x==007", "007"),
        ("note.x==1e999", "1e999"),
        ("note.x=='5'", "5"),
        ("note.x==True", Bare("True")),
        ("note.x==number:5", 5),
        ("note.x==number:five", "number:five"),
        ("note.x==boolean:false", False),
        ("note.x=list=(1,'1',true)", (1, "1", "true")),
        ("name==true", "true"),
        ("name==a\\*b", "a*b"),
        ("name==a\\b", "a\\b"),
        ("name=='a\\'b'", "a'b"),
        ('name=="a\\"b"', 'a"b'),
    ],
)
def test_a_value_is_what_its_column_takes(text: str, value: Value | Bare) -> None:
    found = parse(text, THINGS, now=NOW)
    assert isinstance(found, Comparison)
    assert (found.value, type(found.value)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("name==a*", "a*"),
        ("name=='a*'", "a*"),
        ("name==a\\**", "a\\**"),
        ("name==a\\\\*", "a\\\\*"),
        ("name==a***b", "a*b"),
        ("name==a\\b*", "a\\\\b*"),
    ],
)
def test_a_star_is_any_run_of_characters(text: str, pattern: str) -> None:
    assert parse(text, THINGS) == Comparison(("name",), Operator.LIKE, pattern)


def test_a_saved_filter_stands_for_its_condition() -> None:
    saved: dict[str, Condition] = {"a b": parse("name==x", THINGS), "c": parse("size==1", THINGS)}
    one = parse("Filter=='a b'", THINGS, named=saved.__getitem__)
    several = parse("filter=in=('a b',c)", THINGS, named=saved.__getitem__)
    assert one == saved["a b"]
    assert several == Some((saved["a b"], saved["c"]))
