"""What could be written next in a condition: for those who type it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from query.fiql.fields import NAMED
from query.fiql.places import Place, end_of, place_of
from query.fiql.words import OPERATORS, RUN, Word, operators_of
from query.listing import Column, Kind, Listing

MOST = 50
HELP = {
    Word.SAME: "is; * is any run of characters in a text",
    Word.OTHER: "is not",
    Word.IS: "is; null is nothing",
    Word.IS_NOT: "is not; null is nothing",
    Word.LESS: "less, or before",
    Word.LESS_OR_SAME: "at most",
    Word.GREATER: "more, or after",
    Word.GREATER_OR_SAME: "at least",
    Word.IN: "is one of (a,b)",
    Word.OUT: "is none of (a,b)",
    Word.FOUND: "contains what a regular expression describes",
    Word.LIST: "is exactly the list (a,b)",
}
TIMES = {"now-1h": "an hour ago", "now-1d": "a day ago", "now-7d": "a week ago"}

# The column, the key in it if it is a MAP, and what has been written of the value so far.
Values = Callable[[Column, str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` may stand in the place of what is between `start` and `end`.

    `kind` is "column", "operator", "value" or "sign".
    """

    text: str
    start: int
    end: int
    kind: str
    help: str = ""


def complete(
    text: str, position: int, listing: Listing, values: Values | None = None
) -> list[Suggestion]:
    """What could stand at the cursor, `position`, the best first; nothing where nothing is known.

    `values` gives values that a column has, where somebody knows some.
    """
    position = max(0, min(position, len(text)))
    place = place_of(text, position)
    written = text[place.start : position]
    match place.state:
        case "selector":
            found = _columns(listing, written)
        case "operator":
            found = _operators(listing, place.selector)
        case "value":
            found = _values(listing, place.selector, written, values)
        case _:
            found = _signs(place)
    end = end_of(text, place, position)
    matching = [
        Suggestion(each, place.start, end, kind, help_)
        for each, kind, help_ in found
        if place.state != "operator" or each.startswith(written)
    ]
    return matching[:MOST]


def _columns(listing: Listing, written: str) -> Iterator[tuple[str, str, str]]:
    folded = written.casefold()
    names = [(each.name, each.help) for each in listing.filterable if each.target is not None]
    names += [
        (f"{each.name}.", each.help) for each in listing.filterable if each.target_at is not None
    ]
    if listing.named:
        names.append((NAMED, "What a saved filter selects, by its name"))
    begun = [each for each in names if each[0].startswith(folded)]
    inside = [each for each in names if folded in each[0] and each not in begun]
    for name, help_ in begun + inside:
        yield name, "column", help_


def _operators(listing: Listing, selector: str) -> Iterator[tuple[str, str, str]]:
    kind, _column, _key = _asked(listing, selector)
    if kind is None:
        return
    named = (Word.SAME.value, Word.OTHER.value, Word.IN.value, Word.OUT.value)
    is_named = _column is None
    for word in named if is_named else operators_of(kind):
        yield word, "operator", HELP[Word(word)]


def _values(
    listing: Listing, selector: str, written: str, known: Values | None
) -> Iterator[tuple[str, str, str]]:
    kind, column, key = _asked(listing, selector)
    begun = written.lstrip("'\"")
    for value, help_ in _choices(kind, column):
        if value.startswith(begun):
            yield value, "value", help_
    if known is None:
        return
    asked = column or Column(name=NAMED, kind=Kind.TEXT, help="")
    for value in known(asked, key, begun)[:MOST]:
        yield _spelt(value), "value", ""


def _choices(kind: Kind | None, column: Column | None) -> list[tuple[str, str]]:
    match kind:
        case Kind.CHOICE if column:
            return [(choice, "") for choice in column.choices]
        case Kind.BOOLEAN:
            return [("true", ""), ("false", "")]
        case Kind.MOMENT:
            return list(TIMES.items())
    return []


def _asked(listing: Listing, selector: str) -> tuple[Kind | None, Column | None, str]:
    """What is asked for; no column for the name of a saved filter, no kind for no field."""
    if listing.named and selector.casefold() == NAMED:
        return Kind.TEXT, None, ""
    found = listing.find(selector)
    if found is None or found[0].kind not in OPERATORS:
        return None, None, ""
    column, rest = found
    is_of_keys = column.kind == Kind.MAP and not rest
    return Kind.SET if is_of_keys else column.kind, column, rest[0] if rest else ""


def _signs(place: Place) -> Iterator[tuple[str, str, str]]:
    if place.is_list:
        yield ",", "sign", "another value"
        yield ")", "sign", "the end of the list"
        return
    yield ";", "sign", "and"
    yield ",", "sign", "or"
    if place.depth:
        yield ")", "sign", "the end of the parenthesis"


def _spelt(value: str) -> str:
    if RUN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
