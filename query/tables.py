"""A list as a table: CSV in UTF-8, in pieces as it is read, however many rows there are."""

import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from query.cells import cells_of, line_of
from query.copying import can_copy, copied
from query.ordering import Ordering
from query.paging import page_of
from query.showing import Shown

BATCH = 2_000


Piece = tuple[bytes, int]


class Table:
    """The bytes of a table, begun: what can fail before the first of them has not.

    `row_count` is of the rows handed out so far. To be closed, read or not: it holds a statement
    of the database.
    """

    def __init__(self, pieces: Generator[Piece]) -> None:
        self._pieces = pieces
        self._first = next(pieces)
        self.close = pieces.close
        self.row_count = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece, rows in chain([self._first], self._pieces):
            self.row_count += rows
            yield piece


def table_of(
    rows: QuerySet[Any], ordering: Ordering, shown: Sequence[Shown], *, limit: int | None = None
) -> Table:
    """A header and a line for each of `rows`, or the first `limit`, in that order."""
    return Table(_pieces(rows, ordering, shown, limit=limit))


def _pieces(
    rows: QuerySet[Any], ordering: Ordering, shown: Sequence[Shown], *, limit: int | None
) -> Generator[Piece]:
    header = line_of([each.name for each in shown]).encode()
    named = {f"column_{index}": each.expression for index, each in enumerate(shown)}
    read = rows.annotate(**named).values_list(*named)
    if can_copy(read, shown):
        whole = read.order_by(*(order.spelt() for order in ordering))
        lines = copied(whole[:limit], shown)
    else:
        lines = _in_batches(rows, ordering, shown, limit=limit)
    with closing(lines):
        first, count = next(lines, (b"", 0))
        yield header + first, count
        yield from lines


def _in_batches(
    rows: QuerySet[Any], ordering: Ordering, shown: Sequence[Shown], *, limit: int | None
) -> Generator[Piece]:
    """Each is a query of its own: nothing stays open while a slow reader takes what it has."""
    read = [each.expression for each in shown]
    place, left = None, sys.maxsize if limit is None else limit
    while left:
        page = page_of(rows, ordering, read, limit=min(BATCH, left), place=place)
        lines = "".join(line_of(cells_of(row, shown)) for row in page.rows)
        yield lines.encode(), len(page.rows)
        place, left = page.next, left - len(page.rows)
        if place is None:
            return
