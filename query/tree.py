"""A condition as a tree, whatever language it was written in."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

Scalar = str | int | float
Field = tuple[str, ...]
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")


class Operator(StrEnum):
    EQUAL = "equal"
    IN = "in"
    LESS = "less"
    LESS_OR_EQUAL = "less or equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater or equal"
    FOUND = "found"
    LIKE = "like"


O = Operator  # noqa: E741
RANGES = frozenset({O.LESS, O.LESS_OR_EQUAL, O.GREATER, O.GREATER_OR_EQUAL})


@dataclass(frozen=True, slots=True)
class Bare:
    """A number, true or false, written where nobody knows of what type the values are.

    It stands for itself and for the text that spells it.
    """

    text: str

    def readings(self) -> tuple[Scalar, ...]:
        """The text, and what it spells: true and false in any case."""
        folded = self.text.casefold()
        if folded in {"true", "false"}:
            return self.text, folded == "true"
        return self.text, number_of(self.text)

    @staticmethod
    def is_one(text: str) -> bool:
        return text.casefold() in {"true", "false"} or is_number(text)


Value = Scalar | tuple[Scalar, ...]
Wanted = Value | Bare | tuple[Scalar | Bare, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some element of the field's value, if it is a list, else the value itself, compares so.

    A text compares with texts only, a number with numbers only, and true or false can only be
    equal; texts compare by code point. `EQUAL` to
    a tuple wants exactly that list; `IN` wants a tuple of what may equal; `FOUND` a pattern
    (`query.patterns`) that a text contains; `LIKE` a pattern with wildcards (`query.wildcards`)
    that a whole text has. What is missing compares with nothing.
    """

    field: Field
    operator: Operator
    value: Wanted

    @property
    def plain(self) -> Value:
        """The value, where `read_bare` has left no bare one."""
        return cast("Value", self.value)


@dataclass(frozen=True, slots=True)
class Exists:
    """The field is there, even if its value is an empty text or list."""

    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts holds."""

    parts: tuple["Condition", ...]


Condition = Comparison | Exists | Not | All | Some


class Unsupported(Exception):
    """A condition that is well formed, but cannot be asked of this field."""


def is_number(text: str) -> bool:
    """Whether the text spells a number as JSON does, of at most 18 digits before the point."""
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def number_of(text: str) -> int | float:
    """The number that a text spells which is one."""
    return int(text) if text.removeprefix("-").isdigit() else float(text)


def read_bare(asked: Comparison) -> Condition | None:
    """The comparison with each bare value as all that it stands for; None if it has none."""
    values = asked.value if isinstance(asked.value, tuple) else (asked.value,)
    if not any(isinstance(each, Bare) for each in values):
        return None
    scalars = [
        scalar
        for each in values
        for scalar in (each.readings() if isinstance(each, Bare) else (each,))
    ]
    plain = tuple(each for each in scalars if not isinstance(each, bool))
    if asked.operator not in {O.EQUAL, O.IN}:
        return _some([Comparison(asked.field, asked.operator, each) for each in plain])
    truths = [each for each in scalars if isinstance(each, bool)]
    one_of = [Comparison(asked.field, O.IN, plain)] if plain else []
    return _some(one_of + [Comparison(asked.field, O.EQUAL, each) for each in truths])


def _some(parts: "list[Comparison]") -> Condition:
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def mapped(condition: Condition, leaf: Callable[[Comparison | Exists], bool]) -> bool:
    """Whether the condition holds, its leaves, without bare values, decided by `leaf`."""
    match condition:
        case All(parts):
            return all(mapped(part, leaf) for part in parts)
        case Some(parts):
            return any(mapped(part, leaf) for part in parts)
        case Not(part):
            return not mapped(part, leaf)
        case Comparison() if (read := read_bare(condition)) is not None:
            return mapped(read, leaf)
        case _:
            return leaf(condition)
