"""What is offered to whoever types a condition."""

import pytest

from query.completion import complete
from query.listing import Column
from tests.query.fiql.trees import THINGS


def offered(text: str, position: int | None = None) -> list[str]:
    at = len(text) if position is None else position
    return [each.text for each in complete(text, at, THINGS)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", ["name", "status"]),
        ("na", ["name", "owner.name"]),
        ("NA", ["name", "owner.name"]),
        ("name==a;sta", ["status"]),
        ("(name==a or is", ["is_open"]),
        ("!( cr", ["created_at"]),
        ("name ", ["==", "!="]),
        ("size=l", ["=lt=", "=le="]),
        ("status==", ["new", "old"]),
        ("status==o", ["old"]),
        ("status=in=(", ["new", "old"]),
        ("status=in=(new,o", ["old"]),
        ("is_open==", ["true", "false"]),
        ("created_at=gt=", ["now-1h"]),
        ("name==a ", [";", ","]),
        ("(name=='a'", [";", ",", ")"]),
        ("status=in=(new ", [",", ")"]),
        ("fil", ["filter"]),
        ("filter", ["filter"]),
        ("filter==x and not", ["note."]),
        ("nowhere ", []),
        ("size ", ["==", "!=", "=is=", "=not=", "=lt=", "=le=", "=gt=", "=ge=", "=in=", "=out="]),
        ("status ", ["==", "!=", "=is=", "=not=", "=in=", "=out="]),
    ],
)
def test_what_could_be_next_is_offered(text: str, first: list[str]) -> None:
    assert offered(text)[: len(first)] == first
    assert first or not offered(text)


def test_the_word_at_the_cursor_is_replaced() -> None:
    text = "name==a;stat==new"
    (status,) = complete(text, 10, THINGS)
    assert (status.text, status.start, status.end, status.kind) == ("status", 8, 12, "column")
    assert status.help == "Status"
    (old,) = complete("status==old;x", 9, THINGS)
    assert (old.text, old.start, old.end, old.kind) == ("old", 8, 11, "value")
    assert {(each.start, each.end) for each in complete("size=l", 6, THINGS)} == {(4, 6)}


def test_values_that_somebody_knows_are_offered_as_they_have_to_be_written() -> None:
    def known(column: Column, key: str, begun: str) -> list[str]:
        return [f"{column.name} {key} {begun}", "plain"]

    found = [each.text for each in complete("note.x==ab", 10, THINGS, known)]
    assert found == ["'note x ab'", "plain"]


@pytest.mark.parametrize("text", ["'", "name=='a", "((((", "===", "name==a)))", "!!!", "\\", "a'b"])
def test_whatever_is_written_nothing_breaks(text: str) -> None:
    for position in range(-1, len(text) + 2):
        complete(text * 3, position, THINGS)
