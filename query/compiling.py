"""A condition as a Django filter."""

from collections.abc import Callable, Sequence
from typing import Protocol

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models import Value as Constant
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce

from query.tree import (
    All,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    Operator,
    Some,
    Value,
    read_bare,
)

EVERYTHING = ~Q(pk__in=[])
# SQLite reads one after the other as one inside the other, and no more than 1,000 deep.
ABREAST = 100


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
    return _compiled(condition, target_of, is_denied=False)


def _compiled(condition: Condition, target_of: Callable[[Field], Target], *, is_denied: bool) -> Q:
    """Denial is brought to the leaves: there it is least to ask, however deep it was."""
    match condition:
        case All(parts) | Some(parts):
            is_all = isinstance(condition, All) is not is_denied
            # An empty Q would be lost in an alternative.
            compiled_parts = [_compiled(part, target_of, is_denied=is_denied) for part in parts]
            return _joined(compiled_parts, is_all) if parts else _always(is_all)
        case Not(part):
            return _compiled(part, target_of, is_denied=not is_denied)
        case Comparison() if (read := read_bare(condition)) is not None:
            return _compiled(read, target_of, is_denied=is_denied)
        case _:
            holds = _leaf(condition, target_of(condition.field))
            return _denied(holds) if is_denied else holds


def _joined(parts: Sequence[Q], is_all: bool) -> Q:
    connector = Q.AND if is_all else Q.OR
    while len(parts) > ABREAST:
        groups = (parts[start : start + ABREAST] for start in range(0, len(parts), ABREAST))
        wholes = (Q(*some, _connector=connector) for some in groups)
        parts = [Q(ExpressionWrapper(whole, BooleanField())) for whole in wholes]
    return Q(*parts, _connector=connector)


def _leaf(leaf: Comparison | Exists, target: Target) -> Q:
    if isinstance(leaf, Exists):
        return target.exists()
    return target.compare(leaf.operator, leaf.plain)


def _denied(holds: Q) -> Q:
    # Where there is no row to look into the answer is NULL, which is neither.
    return ~Q(Coalesce(holds, Constant(value=False), output_field=BooleanField()))


def _always(so: bool) -> Q:
    return EVERYTHING if so else ~EVERYTHING
