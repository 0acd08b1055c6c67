"""A condition asked of values in memory: what the compiled one selects is what matches here."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from query.patterns import is_found
from query.tree import Comparison, Condition, Exists, Field, Operator, Scalar, mapped
from query.wildcards import is_like

MISSING = object()
ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def matches(condition: Condition, look_up: Callable[[Field], object]) -> bool:
    """`look_up` gives a field's value, MISSING where there is none."""

    def holds(leaf: Comparison | Exists) -> bool:
        value = look_up(leaf.field)
        if isinstance(leaf, Exists):
            return value is not MISSING
        return value is not MISSING and _compares(leaf, value)

    return mapped(condition, holds)


def _compares(leaf: Comparison, value: object) -> bool:
    wanted = leaf.plain
    if leaf.operator == Operator.EQUAL and isinstance(wanted, tuple):
        return isinstance(value, list) and _same_list(value, wanted)
    elements = value if isinstance(value, list) else [value]
    return any(_holds(leaf.operator, element, wanted) for element in elements)


def _same_list(value: Sequence[object], wanted: tuple[Scalar, ...]) -> bool:
    return len(value) == len(wanted) and all(map(_equal, value, wanted))


def _holds(comparison: Operator, element: object, wanted: Any) -> bool:
    if comparison == Operator.IN:
        return any(_equal(element, each) for each in wanted)
    if comparison == Operator.EQUAL:
        return _equal(element, wanted)
    if comparison == Operator.FOUND:
        return isinstance(element, str) and is_found(wanted, element)
    if comparison == Operator.LIKE:
        return isinstance(element, str) and is_like(wanted, element)
    return _are_alike(element, wanted) and ORDER[comparison](element, wanted)


def _equal(element: object, wanted: object) -> bool:
    return _are_alike(element, wanted) and element == wanted


def _are_alike(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool)
    if isinstance(one, str):
        return isinstance(other, str)
    return isinstance(one, int | float) and isinstance(other, int | float)
