"""Rows behind a place in an order, told by the values that the row there had."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Func, Q, Value
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from django.db.models.sql.compiler import SQLCompiler

from query.compiling import EVERYTHING
from query.ordering import Order, Ordering

NOTHING = Q(pk__in=[])
Values = Sequence[Any]


def behind(ordering: Ordering, values: Values, *, is_inclusive: bool) -> Q:
    """The rows that come after the place; with `is_inclusive` also the one at it."""
    ways = {order.goes_down for order in ordering}
    if len(ways) > 1 or any(order.is_nullable for order in ordering):
        return _behind(ordering, values, is_inclusive=is_inclusive)
    whole = Q(_RowComparison(ordering, values, is_inclusive=is_inclusive))
    # Said apart for an index of another table, which knows nothing of the key.
    return _from(ordering[0], values[0]) & whole


class _RowComparison(Func):
    """`(a, b) > (1, 2)`: an index with the columns in this order begins at that very place."""

    output_field = BooleanField()

    def __init__(self, ordering: Ordering, values: Values, *, is_inclusive: bool) -> None:
        super().__init__(*(order.key for order in ordering))
        self.values = tuple(values)
        self.sign = ("<" if ordering[0].goes_down else ">") + ("=" if is_inclusive else "")

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: Any, **_context: Any
    ) -> tuple[str, Any]:
        sources = self.source_expressions
        keys = [compiler.compile(key) for key in sources]
        values = [
            compiler.compile(Value(value, output_field=key.output_field))
            for key, value in zip(sources, self.values, strict=True)
        ]
        here, there = (", ".join(sql for sql, _ in side) for side in (keys, values))
        params = [each for _, some in (*keys, *values) for each in some]
        return f"(({here}) {self.sign} ({there}))", params


def _behind(ordering: Ordering, values: Values, *, is_inclusive: bool) -> Q:
    """The same in so many words, for orders of which no index goes one way."""
    if not ordering:
        return EVERYTHING if is_inclusive else NOTHING
    order, value = ordering[0], values[0]
    same = _behind(ordering[1:], values[1:], is_inclusive=is_inclusive)
    found = _further(order, value) | (_at(order, value) & same)
    if value is None or order.is_nullable:
        return found
    return _from(order, value) & found


def _from(order: Order, value: Any) -> Q:
    """What an index can tell, be the rows that tie on this side of the place or the other."""
    return Q(
        (LessThanOrEqual if order.goes_down else GreaterThanOrEqual)(order.key, _operand(value))
    )


def _further(order: Order, value: Any) -> Q:
    if value is None:
        return Q(IsNull(order.key, rhs=False)) if order.is_reversed else NOTHING
    beyond = Q((LessThan if order.goes_down else GreaterThan)(order.key, _operand(value)))
    if order.is_nullable and not order.is_reversed:
        return beyond | Q(IsNull(order.key, rhs=True))
    return beyond


def _at(order: Order, value: Any) -> Q:
    return Q(IsNull(order.key, rhs=True)) if value is None else Q(Exact(order.key, _operand(value)))


def _operand(value: Any) -> Any:
    """Whole numbers in 64 bits: beside an expression Django sends them in 32."""
    return Value(value, BigIntegerField()) if isinstance(value, int) else value
