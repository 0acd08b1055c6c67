"""A condition as a Django filter."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Protocol

from django.db.models import BooleanField, F, Q
from django.db.models import Value as Constant
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce

from query.tree import All, Condition, Exists, Field, Not, Operator, Some, Value

EVERYTHING = ~Q(pk__in=[])


class Target(Protocol):
    """Where a field is kept."""

    def exists(self) -> Q: ...

    def compare(self, operator: Operator, value: Value) -> Q:
        """Raises Unsupported."""

    def has_key(self) -> Q:
        """There is something to sort by."""

    def sort_keys(self) -> list[Expression | F]:
        """What to sort by, one after the other; what is NULL comes first."""


def compiled(condition: Condition, target_of: Callable[[Field], Target]) -> Q:
    """The filter that selects what `query.matching.matches`; raises Unsupported."""
    match condition:
        case All(parts):
            # An empty Q would be lost in an alternative.
            return reduce(and_, [compiled(part, target_of) for part in parts] or [EVERYTHING])
        case Some(parts):
            return reduce(or_, [compiled(part, target_of) for part in parts] or [~EVERYTHING])
        case Not(part):
            # Where there is no row to look into the answer is NULL, which is neither.
            holds = compiled(part, target_of)
            return ~Q(Coalesce(holds, Constant(value=False), output_field=BooleanField()))
        case Exists(field):
            return target_of(field).exists()
        case _:
            return target_of(condition.field).compare(condition.operator, condition.value)
