"""Trees as parsing makes them, over the columns of a listing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from query.declaring import boolean, choice, identifier, json, mapping, moment, names, number, text
from query.json_fields import JsonField
from query.json_keys import JsonKeys
from query.listing import Column, Kind, Listing
from query.tree import (
    All,
    Bare,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    Operator,
    Some,
)
from query.wildcards import pattern_of

START = datetime(2026, 5, 4, 3, 2, 1, 123000, UTC)
KEYS = ["a", "b", "two words", 'quo"te', "it's", "d.o[t]s", "100%", "ü", "a;b", "Case", "*"]
THINGS = Listing(
    "things",
    (
        text("name", "Name"),
        choice("status", "Status", ("new", "old")),
        number("size", "Size"),
        boolean("is_open", "Open"),
        moment("created_at", "Created"),
        identifier("id", "Identifier"),
        names("label", "Labels", read=JsonKeys("x", ("y",)).document, target=JsonKeys("x", ("y",))),
        mapping("note", "Notes", read="x", target_at=lambda path: JsonField("x", path)),
        mapping(
            "tag",
            "Tags",
            read="x",
            target=JsonKeys("x", ("tags",)),
            target_at=lambda path: JsonField("x", ("tags", *path)),
        ),
        json("extra", "Anything"),
        text("owner.name", "Name of its owner", path="owner__name"),
    ),
    named=True,
)

LETTERS = st.sampled_from("abAB15 .%_*?[]\\'\"();,=!<>\näß€😀-")
texts = st.text(LETTERS, max_size=4)
some_text = st.text(LETTERS, min_size=1, max_size=4) | st.sampled_from(
    ["edge-1", "null", "true", "5", "number:5", "and", "or", "a*b", "\\*", "a\\", "1.10", "EU"]
)
wholes = st.integers(-3, 3) | st.sampled_from([2**53, 10**17])
numbers = wholes | st.sampled_from([0.5, -0.25, 6.1, 1e-07, 1e22])
bares = st.sampled_from(["5", "-1", "6.1", "1e3", "1.10", "true", "False"]).map(Bare)
moments = st.integers(-3, 3).map(
    lambda steps: (
        (START + timedelta(milliseconds=steps)).isoformat(timespec="milliseconds")[:-6] + "Z"
    )
)
ids = st.integers(0, 3).map(lambda number: str(UUID(int=number)))
likes = st.builds(
    lambda first, middle, last: pattern_of([first, *filter(None, middle), last]),
    some_text,
    st.lists(texts, max_size=1),
    texts,
) | texts.map(lambda last: pattern_of(["", f"a{last}"]))
found = st.lists(
    st.sampled_from(
        ["a", "b", "5", ".", "^", "$", "|", r"\d", r"\W", r"\.", "[ab]", "a*", "'", "%"]
    ),
    max_size=4,
).map("".join)
RANGES = [
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
]
ranges = st.sampled_from(RANGES)


def leaves(listing: Listing, keys: list[str] | None = None) -> st.SearchStrategy[Condition]:
    """Every question that can be put to some column."""
    return st.one_of(*(_of_column(column, keys or KEYS) for column in listing.filterable))


def conditions(listing: Listing, keys: list[str] | None = None) -> st.SearchStrategy[Condition]:
    """At least two parts in each combination, at most some ten questions."""
    return st.recursive(
        leaves(listing, keys),
        lambda inner: (
            inner.map(Not)
            | st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts)))
            | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Some(tuple(parts)))
        ),
        max_leaves=6,
    )


def _of_column(column: Column, keys: list[str]) -> st.SearchStrategy[Condition]:
    itself = st.just((column.name,))
    inside = st.sampled_from(keys).map(lambda key: (column.name, key))
    by_kind = {
        Kind.TEXT: _textual(itself),
        Kind.SET: _textual(itself),
        Kind.MAP: _open(inside) | _textual(itself) if column.target else _open(inside),
        Kind.CHOICE: _exact(itself, st.sampled_from(column.choices or ("",))),
        Kind.ID: _exact(itself, ids),
        Kind.BOOLEAN: _exact(itself, st.booleans()),
        Kind.NUMBER: _exact(itself, numbers) | _compared(itself, ranges, numbers),
        Kind.MOMENT: itself.map(Exists)
        | _compared(itself, ranges | st.just(Operator.EQUAL), moments),
    }
    return by_kind[column.kind]


def _exact(fields: st.SearchStrategy[Field], values: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(values, min_size=2, max_size=3).map(tuple)
    return (
        fields.map(Exists)
        | _compared(fields, st.just(Operator.EQUAL), values)
        | _compared(fields, st.just(Operator.IN), several)
    )


def _textual(fields: st.SearchStrategy[Field]) -> st.SearchStrategy:
    return (
        _exact(fields, some_text)
        | _compared(fields, ranges, texts)
        | _compared(fields, st.just(Operator.LIKE), likes)
        | _compared(fields, st.just(Operator.FOUND), found)
    )


def _open(fields: st.SearchStrategy[Field]) -> st.SearchStrategy:
    values = texts | some_text | numbers | bares | st.booleans()
    ordered = texts | numbers | bares.filter(lambda bare: bare.text.casefold() not in {"true"})
    lists = (st.lists(texts, max_size=3) | st.lists(numbers, max_size=3)).map(tuple)
    return (
        _exact(fields, values)
        | _compared(fields, ranges, ordered)
        | _compared(fields, st.just(Operator.LIKE), likes)
        | _compared(fields, st.just(Operator.FOUND), found)
        | _compared(fields, st.just(Operator.EQUAL), lists)
    )


def _compared(
    fields: st.SearchStrategy[Field],
    operators: st.SearchStrategy[Operator],
    values: st.SearchStrategy,
) -> st.SearchStrategy:
    return st.builds(Comparison, fields, operators, values)
