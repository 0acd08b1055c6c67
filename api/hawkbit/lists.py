"""Lists: `limit`, `offset`, `sort` and `q` in, `{content, total, size}` out."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from api.hawkbit.errors import not_readable
from api.hawkbit.requests import Call
from api.hawkbit.selecting import selected, sorted_by
from query.listing import Listing

DEFAULT_LIMIT, MOST = 50, 500
FAR = 1_000
NUMBER = re.compile(r"[+-]?[0-9]{1,9}")

Row = TypeVar("Row", bound=Model)


def listed(
    call: Call,
    listing: Listing,
    rows: QuerySet[Row],
    tell: Callable[[Sequence[Row]], list[dict[str, Any]]],
) -> dict[str, Any]:
    """The page that the call asks for, each row as `tell` tells it; raises Refused.

    `rows` are what the caller may see; their order is that of the listing unless `sort` says
    another. The total counts all that `q` selects.
    """
    found = selected(rows, listing, call)
    total = found.order_by().count()
    limit, offset = page_of(call.GET)
    ordered = sorted_by(found, listing, call.GET.get("sort", ""))
    page = _page(ordered, offset, limit) if offset < total else []
    return paged(tell(page), total)


def _page(ordered: QuerySet[Row], offset: int, limit: int) -> list[Row]:
    """Far down the list the rows to skip are told apart by their numbers alone."""
    if offset < FAR:
        return list(ordered[offset : offset + limit])
    numbers = list(ordered.values_list("pk", flat=True)[offset : offset + limit])
    return list(ordered.filter(pk__in=numbers))


def paged(content: list[dict[str, Any]], total: int) -> dict[str, Any]:
    return {"content": content, "total": total, "size": len(content)}


def page_of(query: QueryDict) -> tuple[int, int]:
    """How many and from where; what is out of bounds is brought into them, as hawkBit does."""
    limit, offset = _number(query, "limit", DEFAULT_LIMIT), _number(query, "offset", 0)
    return (DEFAULT_LIMIT if limit < 1 else min(limit, MOST)), max(offset, 0)


def _number(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not NUMBER.fullmatch(text):
        raise not_readable()
    return int(text)
