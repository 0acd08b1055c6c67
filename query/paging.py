"""Pages of a sorted list, each found by the values of the row that the one before ended with.

The thousandth page costs what the first does. While rows come, go and change between two pages,
each row that stands still is met exactly once; one that moved is met where it then is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull

from query.comparing import behind
from query.cursors import Place
from query.ordering import Ordering

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The values that were asked for of each row, and the places of the pages beside it."""

    rows: list[Row]
    previous: Place | None
    next: Place | None


def page_of(
    rows: QuerySet[Any],
    ordering: Ordering,
    read: Sequence[Combinable],
    *,
    limit: int,
    place: Place | None = None,
) -> Page:
    """The page of up to `limit` rows at that place, or the first; `read` says what of each."""
    is_back = place is not None and place.is_back
    walked = tuple(order.reversed() for order in ordering) if is_back else ordering
    found = _found(rows, walked, read, limit=limit + 1, place=place)
    has_more, kept = len(found) > limit, found[:limit]
    if is_back:
        kept.reverse()
    if not kept:
        return Page([], *_around_nothing(place))
    width = len(ordering)
    before = Place(kept[0][:width], is_back=True)
    after = Place(kept[-1][:width])
    has_previous, has_next = (has_more, True) if is_back else (place is not None, has_more)
    return Page(
        [row[width:] for row in kept],
        before if has_previous else None,
        after if has_next else None,
    )


def _around_nothing(place: Place | None) -> tuple[Place | None, Place | None]:
    """All rows there have gone: back to where one came from, with the row at the place itself."""
    if place is None:
        return None, None
    turned = replace(place, is_back=not place.is_back, is_inclusive=not place.is_inclusive)
    return (None, turned) if place.is_back else (turned, None)


def _found(
    rows: QuerySet[Any],
    ordering: Ordering,
    read: Sequence[Combinable],
    *,
    limit: int,
    place: Place | None,
) -> list[Row]:
    keys = [order.key for order in ordering]
    named = {f"column_{index}": each for index, each in enumerate((*keys, *read))}
    columns = rows.annotate(**named).values_list(*named)
    values = place.values if place else None
    is_inclusive = place is not None and place.is_inclusive
    found: list[Row] = []
    for part in _parts(ordering, values, is_inclusive=is_inclusive):
        if len(found) < limit:
            spelt = [order.spelt() for order in part.ordering]
            some = columns.filter(part.condition).order_by(*spelt)
            found += some[: limit - len(found)]
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    condition: Q
    ordering: Ordering


def _parts(ordering: Ordering, values: Row | None, *, is_inclusive: bool) -> Iterator[_Part]:
    """Where the first order can be NULL, the rows that have a value and those that have none.

    Each for itself is in the order of an index, both together are not.
    """
    first, *rest = ordering
    if not first.is_nullable:
        place = Q() if values is None else behind(ordering, values, is_inclusive=is_inclusive)
        yield _Part(place, ordering)
        return
    for is_null in (True, False) if first.is_reversed else (False, True):
        if values is not None and (values[0] is None) != is_null:
            continue
        inner = tuple(rest) if is_null else (replace(first, is_nullable=False), *rest)
        known = values[1:] if values is not None and is_null else values
        for part in _parts(inner, known, is_inclusive=is_inclusive):
            condition = Q(IsNull(first.key, rhs=is_null)) & part.condition
            yield replace(part, condition=condition)
        values = None
