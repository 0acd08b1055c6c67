"""In which order the rows of a list come: the same on each database, and the same each time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self, cast

from django.db.models import F
from django.db.models.expressions import Combinable, Expression, OrderBy

from query.asking import NotUnderstood, like
from query.listing import Column, Listing

MOST = 5


@dataclass(frozen=True, slots=True)
class Order:
    """By one expression; where that is NULL comes last, whichever way it goes.

    `is_reversed` is for walking the whole order from its end.
    """

    key: Combinable
    is_descending: bool = False
    is_nullable: bool = False
    is_reversed: bool = False

    @property
    def goes_down(self) -> bool:
        return self.is_descending != self.is_reversed

    def reversed(self) -> Self:
        return replace(self, is_reversed=not self.is_reversed)

    def spelt(self) -> OrderBy:
        nulls: dict[str, bool] = {}
        if self.is_nullable:
            nulls = {"nulls_first": True} if self.is_reversed else {"nulls_last": True}
        key = cast("Expression | F", self.key)
        return OrderBy(key, descending=self.goes_down, **nulls)


Ordering = tuple[Order, ...]


def read_sort(text: str, listing: Listing) -> tuple[str, ...]:
    """The columns, "-" in front for descending, of `-created_at,name`; raises NotUnderstood."""
    names = tuple(name.strip() for name in text.split(",")) if text else listing.sort
    if len(names) > MOST:
        raise NotUnderstood("sort", f"A list is sorted by at most {MOST} columns.")
    bare = [name.removeprefix("-").casefold() for name in names]
    for name in bare:
        _column(name, listing)
    if len(set(bare)) < len(bare):
        raise NotUnderstood("sort", "A list is sorted by each column once.")
    return names


def ordering_of(names: Sequence[str], listing: Listing) -> Ordering:
    """What `read_sort` gave, ended by the key of the listing: no two rows are alike."""
    return tuple(_orders(names, listing))


def _orders(names: Sequence[str], listing: Listing) -> Iterator[Order]:
    # The key goes the way of the column before it, so that one index can have both.
    is_descending = False
    for name in names:
        is_descending = name.startswith("-")
        column = _column(name.removeprefix("-").casefold(), listing)
        assert column.sort_by is not None  # noqa: S101 - _column gives sortable ones only
        key = F(column.sort_by) if isinstance(column.sort_by, str) else column.sort_by
        yield Order(key, is_descending, column.is_nullable)
    yield Order(F(listing.key), is_descending)


def _column(name: str, listing: Listing) -> Column:
    column = next((each for each in listing.sortable if each.name == name), None)
    if column is None:
        names = [each.name for each in listing.sortable]
        text = f"Nothing is sorted by {name[:64]!r}{like(name, names)}."
        raise NotUnderstood("sort", text)
    return column
