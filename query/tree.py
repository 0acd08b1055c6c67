"""A condition as a tree, whatever language it was written in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Scalar = str | int | float
Value = Scalar | tuple[Scalar, ...]
Field = tuple[str, ...]


class Operator(StrEnum):
    EQUAL = "equal"
    IN = "in"
    LESS = "less"
    LESS_OR_EQUAL = "less or equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater or equal"
    FOUND = "found"


O = Operator  # noqa: E741
RANGES = frozenset({O.LESS, O.LESS_OR_EQUAL, O.GREATER, O.GREATER_OR_EQUAL})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some element of the field's value, if it is a list, else the value itself, compares so.

    A text compares with texts only, a number with numbers only, and true or false can only be
    equal; texts compare by code point. `EQUAL` to
    a tuple wants exactly that list; `IN` wants a tuple of what may equal; `FOUND` a pattern
    (`query.patterns`) that a text contains. What is missing compares with nothing.
    """

    field: Field
    operator: Operator
    value: Value


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


def mapped(condition: Condition, leaf: Callable[[Comparison | Exists], bool]) -> bool:
    """Whether the condition holds, its leaves decided by `leaf`."""
    match condition:
        case All(parts):
            return all(mapped(part, leaf) for part in parts)
        case Some(parts):
            return any(mapped(part, leaf) for part in parts)
        case Not(part):
            return not mapped(part, leaf)
        case _:
            return leaf(condition)
