"""Many entries, in batches: each is a query of its own, and nothing stays open between them."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from auditlog.models import AuditQuerySet

BATCH = 1000


def walk(
    entries: AuditQuerySet, fields: Sequence[str], *, is_newest_first: bool, limit: int | None
) -> Iterator[tuple[Any, ...]]:
    """The values of these fields, "at" among them, in the order of time; of `limit` entries or all.

    What is written meanwhile is left out or comes last; nothing comes twice.
    """
    order = ("-at", "-id") if is_newest_first else ("at", "id")
    rows = entries.order_by(*order).values_list(*fields, "id")
    further, left = rows, sys.maxsize if limit is None else limit
    while left:
        size = min(BATCH, left)
        found = list(further[:size])
        for row in found:
            yield row[:-1]
        left = left - size if len(found) == size else 0
        if left:
            at, number = found[-1][fields.index("at")], found[-1][-1]
            further = rows.filter(_beyond(at, number, is_newest_first=is_newest_first))


def _beyond(at: datetime, number: int, *, is_newest_first: bool) -> Q:
    """The first condition is for the index, the others are for entries of the same moment."""
    if is_newest_first:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=number))
    return Q(at__gte=at) & (Q(at__gt=at) | Q(id__gt=number))
