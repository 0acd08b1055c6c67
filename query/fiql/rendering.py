"""Tree to text, such that the text reads as the very same tree."""

import re

from query.fiql.fields import NAMED
from query.fiql.words import OPERATORS, RUN, Word
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
    Scalar,
    Some,
    Wanted,
    is_number,
)
from query.wildcards import pieces_of

WORDS = {
    Operator.EQUAL: Word.SAME,
    Operator.LIKE: Word.SAME,
    Operator.IN: Word.IN,
    Operator.LESS: Word.LESS,
    Operator.LESS_OR_EQUAL: Word.LESS_OR_SAME,
    Operator.GREATER: Word.GREATER,
    Operator.GREATER_OR_EQUAL: Word.GREATER_OR_SAME,
    Operator.FOUND: Word.FOUND,
}
OPPOSITES = {Word.SAME: Word.OTHER, Word.IN: Word.OUT}
_BEFORE_STAR = re.compile(r"(\\*)\*")
_BEFORE_END = re.compile(r"(\\*)\Z")
_ESCAPED = re.compile(r"([\\'])")
_ONLY = re.compile(r"(number|boolean):")


class Unspeakable(Exception):
    """A tree that no text reads as: it does not fit the columns, or not as parsing makes it."""


def render(condition: Condition, listing: Listing) -> str:
    """The condition in FIQL; raises Unspeakable.

    What parsing makes can be rendered: a list to be in has at least two values, an alternative at
    least two parts, times are whole milliseconds in UTC, and nothing is compared with an empty
    text where that counts as missing.
    """
    return _Writer(listing).write(condition)


class _Writer:
    def __init__(self, listing: Listing) -> None:
        self.listing = listing

    def write(self, condition: Condition) -> str:
        match condition:
            case Not(part):
                return self.opposite(part)
            case All(parts):
                return self.short(condition) or self.joined(parts, ";")
            case Some(parts):
                return self.short(condition) or self.joined(parts, ",")
            case Exists(field):
                return f"{self.selector(field)}{Word.IS_NOT}null"
            case Comparison():
                return self.asked(condition)

    def opposite(self, part: Condition) -> str:
        match part:
            case Exists(field):
                return f"{self.selector(field)}{Word.IS}null"
            case Comparison() if len(part.field) == 1:
                return self.denied(part)
        return f"!({self.write(part)})"

    def joined(self, parts: tuple[Condition, ...], sign: str) -> str:
        if len(parts) < 2:
            raise Unspeakable("a combination of fewer than two parts")
        return sign.join(self.inside(part) for part in parts)

    def inside(self, part: Condition) -> str:
        is_joined = isinstance(part, All | Some) and not self.short(part)
        return f"({self.write(part)})" if is_joined else self.write(part)

    def short(self, condition: All | Some) -> str:
        """What a name in a MAP has a short word for."""
        match condition:
            case All((Exists(field), Not(Comparison(other) as part))) if (
                field == other and len(field) > 1
            ):
                return "" if part.operator not in WORDS else self.denied(part)
            case Some((Not(Exists(field)), Comparison(other, Operator.EQUAL, ""))) if (
                field == other and len(field) > 1
            ):
                return f"{self.selector(field)}{Word.SAME}''"
        return ""

    def denied(self, part: Comparison) -> str:
        opposite = OPPOSITES.get(self.word(part))
        if opposite is None:
            return "" if len(part.field) > 1 else f"!({self.asked(part)})"
        return f"{self.selector(part.field)}{opposite}{self.value(part)}"

    def asked(self, part: Comparison) -> str:
        word = self.word(part)
        if word == Word.SAME and part.value == "":
            # Equal to nothing is what it is to be missing as well; in a list it is just a text.
            word = Word.IN
        return f"{self.selector(part.field)}{word}{self.value(part)}"

    def word(self, part: Comparison) -> Word:
        is_list = part.operator == Operator.EQUAL and isinstance(part.value, tuple)
        word = Word.LIST if is_list else WORDS[part.operator]
        if word not in OPERATORS[self.kind(part.field)]:
            raise Unspeakable(f"{part.operator} of {'.'.join(part.field)}")
        return word

    def value(self, part: Comparison) -> str:
        spell = _Speller(self.column(part.field), part)
        if not isinstance(part.value, tuple):
            return spell.one(part.value)
        if part.operator == Operator.IN and len(part.value) < 2:
            raise Unspeakable("a list of fewer than two values to be in")
        return f"({','.join(spell.one(each) for each in part.value)})"

    def selector(self, field: Field) -> str:
        if field[0] not in self.listing.by_name:
            raise Unspeakable(f"there is no field {'.'.join(field)}")
        if len(field) == 1:
            if self.column(field).target is None:
                raise Unspeakable(f"{field[0]} is not to be asked for")
            return field[0]
        if self.column(field).target_at is None or field[0] == NAMED or not field[1]:
            raise Unspeakable(f"nothing is behind {field[0]}")
        rest = field[1]
        return f"{field[0]}.{rest if RUN.fullmatch(rest) else _quoted(rest)}"

    def column(self, field: Field) -> Column:
        return self.listing.by_name[field[0]]

    def kind(self, field: Field) -> Kind:
        column = self.column(field) if field[0] in self.listing.by_name else None
        if column is None or column.kind not in OPERATORS:
            raise Unspeakable(f"there is no field {'.'.join(field)} to ask for")
        return Kind.SET if column.kind == Kind.MAP and len(field) == 1 else column.kind


class _Speller:
    """The values of one comparison as they have to be written."""

    def __init__(self, column: Column, part: Comparison) -> None:
        self.column, self.operator = column, part.operator
        self.is_open = column.kind == Kind.MAP and len(part.field) > 1
        self.is_list = part.operator == Operator.EQUAL and isinstance(part.value, tuple)

    def one(self, value: Scalar | Bare | Wanted) -> str:
        match value:
            case Bare(text):
                return text
            case bool():
                return f"{'boolean:' if self.is_open else ''}{str(value).lower()}"
            case int() | float():
                return self.number(value)
            case str():
                return self.text(value)
        raise Unspeakable(f"{value!r} as a value")

    def number(self, value: float) -> str:
        if not is_number(repr(value)):
            raise Unspeakable(f"the number {value!r}")
        return f"{'number:' if self.is_open and not self.is_list else ''}{value!r}"

    def text(self, value: str) -> str:
        text = self.starred(value)
        is_special = self.is_open and (Bare.is_one(text) or _ONLY.match(text))
        return text if RUN.fullmatch(text) and not is_special else _quoted(text)

    def starred(self, value: str) -> str:
        r"""Where `*` is any run of characters, a star is `\*`."""
        if self.operator == Operator.LIKE:
            *pieces, last = pieces_of(value)
            doubled = [_BEFORE_END.sub(r"\1\1", _escaped(piece), count=1) for piece in pieces]
            return "*".join([*doubled, _escaped(last)])
        return _escaped(value) if self.operator == Operator.EQUAL and not self.is_list else value


def _escaped(piece: str) -> str:
    return _BEFORE_STAR.sub(r"\1\1\\*", piece)


def _quoted(text: str) -> str:
    return "'" + _ESCAPED.sub(r"\\\1", text) + "'"
