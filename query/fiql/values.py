"""What a literal stands for in a column of some kind."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from query.fiql.errors import Misread, shortened
from query.fiql.sentences import Literal
from query.fiql.times import ACCEPTED, span_of
from query.listing import Column, Kind
from query.patterns import checked
from query.tree import Bare, Scalar, Unsupported, is_number, number_of
from query.wildcards import pattern_of

TRUTHS = {"true": True, "false": False}
# Where the type is open, these say that only the number, or only true or false, is meant.
_ONLY = re.compile(r"(number|boolean):(.+)")
_STARS = re.compile(r"(\\*)\*")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with wildcards; `text` is as `query.wildcards` has it."""

    text: str


class Values:
    """How the literals of a text are read: as FIQL does, or as a dialect does by a subclass."""

    def exact(self, column: Column, literal: Literal) -> Scalar | Bare:
        return exact(column, literal)

    def similar(self, column: Column, literal: Literal) -> Scalar | Bare | Pattern:
        return similar(column, literal)

    def time_of(self, column: Column, literal: Literal, now: datetime) -> tuple[str, str]:
        return time_of(column, literal, now)


OURS = Values()


def exact(column: Column, literal: Literal) -> Scalar | Bare:
    """The text, number, truth or id to be equal to, or to be ordered by; raises Misread."""
    match column.kind:
        case Kind.MAP:
            return _open(literal)
        case Kind.NUMBER:
            return _number(column, literal)
        case Kind.BOOLEAN:
            return _truth(column, literal)
        case Kind.ID:
            return _id(column, literal)
        case Kind.CHOICE if literal.text not in column.choices:
            raise wrong(column, literal, column.choices)
        case _:
            return literal.text


def similar(column: Column, literal: Literal) -> Scalar | Bare | Pattern:
    r"""As `exact`, but `*` in a text is any run of characters, and `\*` a star."""
    if column.kind not in {Kind.TEXT, Kind.SET, Kind.MAP}:
        return exact(column, literal)
    text = literal.text
    pieces, position, piece = list[str](), 0, ""
    for found in _STARS.finditer(text):
        backslashes = len(found[1])
        piece += text[position : found.start()] + "\\" * (backslashes // 2)
        position = found.end()
        if backslashes % 2:
            piece += "*"
        else:
            pieces.append(piece)
            piece = ""
    piece += text[position:]
    if pieces:
        return Pattern(pattern_of([*pieces, piece]))
    return exact(column, Literal(piece, literal.start, literal.end, literal.is_quoted))


def element(literal: Literal) -> Scalar:
    """One of a list that is wanted as a whole."""
    value = _open(literal)
    return _number_or_text(value.text) if isinstance(value, Bare) else value


def searched(literal: Literal) -> str:
    """A regular expression; raises Misread."""
    try:
        checked(literal.text)
    except Unsupported as error:
        message = f"At character {literal.start + 1}: {error}"
        raise Misread(literal.start, literal.text, ("a regular expression",), message) from error
    return literal.text


def time_of(column: Column, literal: Literal, now: datetime) -> tuple[str, str]:
    """The first and the last millisecond of the time; raises Misread."""
    try:
        span = span_of(literal.text, now)
    except ValueError as error:
        raise wrong(column, literal, ACCEPTED) from error
    return span.first, span.last


def _open(literal: Literal) -> Scalar | Bare:
    if literal.is_quoted:
        return literal.text
    if only := _ONLY.fullmatch(literal.text):
        kind, text = only.groups()
        if kind == "number" and is_number(text):
            return number_of(text)
        if kind == "boolean" and text.lower() in TRUTHS:
            return TRUTHS[text.lower()]
    return Bare(literal.text) if Bare.is_one(literal.text) else literal.text


def _number_or_text(text: str) -> Scalar:
    return number_of(text) if is_number(text) else text


def _number(column: Column, literal: Literal) -> Scalar:
    if not is_number(literal.text):
        raise wrong(column, literal, ("a number such as 42 or -1.5",))
    return number_of(literal.text)


def _truth(column: Column, literal: Literal) -> Scalar:
    truth = TRUTHS.get(literal.text.lower())
    if truth is None:
        raise wrong(column, literal, tuple(TRUTHS))
    return truth


def _id(column: Column, literal: Literal) -> Scalar:
    try:
        return str(UUID(literal.text))
    except ValueError as error:
        raise wrong(column, literal, ("a UUID",)) from error


def wrong(column: Column, literal: Literal, expected: tuple[str, ...]) -> Misread:
    found = shortened(literal.text)
    message = f"“{found}” is no value of {column.name}, which takes {', '.join(expected)}"
    return Misread(literal.start, literal.text, expected, message)
