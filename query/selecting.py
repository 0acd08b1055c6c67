"""What a table is narrowed to, as conditions that can be asked here and written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from query.compiling import compiled
from query.fiql.composing import joined
from query.fiql.rendering import render
from query.listing import Listing
from query.tree import All, Comparison, Condition, Exists, Not, Operator

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Selection:
    """All of the conditions on the rows of a listing."""

    listing: Listing
    conditions: tuple[Condition, ...] = ()

    @property
    def fiql(self) -> str:
        """The same in FIQL; empty where everything is selected."""
        return joined(*(render(each, self.listing) for each in self.conditions))

    def apply(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        return rows.filter(compiled(All(self.conditions), self.listing.target_of))


def equal(column: str, value: str) -> Condition:
    """A text that is empty is one that is missing."""
    field = (column,)
    return Not(Exists(field)) if value == "" else Comparison(field, Operator.EQUAL, value)


def one_of(column: str, values: Iterable[str]) -> Condition:
    """One of at least one value."""
    wanted = tuple(values)
    if len(wanted) == 1:
        return equal(column, wanted[0])
    return Comparison((column,), Operator.IN, wanted)
