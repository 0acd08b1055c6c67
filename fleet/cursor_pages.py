"""Pages of a long list for the dashboard: by cursor, so that the last costs what the first does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import F, Model, QuerySet

from query.cursors import InvalidCursor, Place, cursor_of, place_of
from query.listing import Listing
from query.ordering import ordering_of
from query.paging import page_of
from query.planning import planned_for_its_values

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[Row]):
    """`count` is of the whole list; `previous` and `next` are cursors, empty where it ends."""

    rows: list[Row]
    count: int
    previous: str
    next: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def last(self) -> Row:
        return self.rows[-1]

    @property
    def is_part(self) -> bool:
        return bool(self.previous or self.next)


def cursor_page(
    rows: QuerySet[Row], listing: Listing, sort: tuple[str, ...], *, cursor: str = "", size: int
) -> CursorPage[Row]:
    """The page that the cursor names, or the first; its rows with what `rows` selects besides."""
    bound_to = f"{listing.name} {','.join(sort)}"
    ordering, key = ordering_of(sort, listing), F(listing.key)
    with planned_for_its_values():
        count = rows.order_by().count()
        place = _place(cursor, bound_to)
        page = page_of(rows.order_by(), ordering, [key], limit=size, place=place)
    keys = [values[0] for values in page.rows]
    found = rows.order_by().in_bulk(keys, field_name=listing.key)
    return CursorPage(
        [found[each] for each in keys if each in found],
        count,
        cursor_of(page.previous, bound_to) if page.previous else "",
        cursor_of(page.next, bound_to) if page.next else "",
    )


def _place(cursor: str, bound_to: str) -> Place | None:
    """A cursor of another order, or of an address that somebody made up, is the beginning."""
    try:
        return place_of(cursor, bound_to) if cursor else None
    except InvalidCursor:
        return None
