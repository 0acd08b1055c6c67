"""What an address asks of a list: which rows, in which order, what of each, how many."""

from collections.abc import Collection as Names
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from api.v1.filtering import PAGES, ROWS, filtered, parameter_names
from fleet.errors import Invalid
from fleet.models import Organization
from query.asking import NotUnderstood, like
from query.counting import Counting
from query.listing import Listing
from query.ordering import Ordering, ordering_of, read_sort
from query.showing import Shown, read_fields

DEFAULT_LIMIT = 50
MOST = 1_000
FORMATS = ("json", "csv")


@dataclass(frozen=True, slots=True)
class Asked:
    """`rows` are the matching ones, unsorted; `limit` is None where none is named."""

    listing: Listing
    rows: QuerySet[Any]
    sort: tuple[str, ...]
    shown: tuple[Shown, ...]
    limit: int | None
    counting: Counting

    @property
    def ordering(self) -> Ordering:
        return ordering_of(self.sort, self.listing)

    @property
    def bound_to(self) -> str:
        """What a cursor of this list is good for."""
        return f"{self.listing.name} {','.join(self.sort)}"


def read_asked(
    query: QueryDict,
    listing: Listing,
    rows: QuerySet[Any],
    organization: Organization,
    *,
    most: int = MOST,
    others: Names[str] = PAGES,
) -> Asked:
    """What `query` asks of `rows`; `others` are parameters that it may have besides.

    Raises Invalid("invalid_parameter", "unknown_parameter" or "invalid_filter").
    """
    with naming_the_parameter():
        require_known(query, [*ROWS, *others, *parameter_names(listing)])
        return Asked(
            listing=listing,
            rows=filtered(rows, query, listing, organization),
            sort=read_sort(query.get("sort", ""), listing),
            shown=read_fields(query.get("fields", ""), listing),
            limit=_limit(query, most),
            counting=_counting(query),
        )


@contextmanager
def naming_the_parameter() -> Iterator[None]:
    """What is not understood inside is Invalid("invalid_parameter")."""
    try:
        yield
    except NotUnderstood as error:
        raise Invalid("invalid_parameter", error.message, field=error.parameter) from error


def require_known(query: QueryDict, names: Names[str]) -> None:
    """Raise Invalid("unknown_parameter") for a parameter that is none of these."""
    for name in query:
        if name not in names:
            text = f"There is no parameter {name[:64]!r}{like(name, names)}."
            raise Invalid("unknown_parameter", text, field=name[:64])
        if name in ROWS + PAGES and len(query.getlist(name)) > 1:
            raise NotUnderstood(name, f"The parameter {name} comes once.")
    if query.get("format", "json") not in FORMATS:
        raise NotUnderstood("format", f"A format is one of {', '.join(FORMATS)}.")


def _limit(query: QueryDict, most: int) -> int | None:
    text = query.get("limit", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 16 and 1 <= int(text) <= most):
        raise NotUnderstood("limit", f"A limit is a number from 1 to {most}.")
    return int(text)


def _counting(query: QueryDict) -> Counting:
    text = query.get("count") or Counting.NONE
    if text not in list(Counting):
        raise NotUnderstood("count", f"A count is one of {', '.join(Counting)}.")
    return Counting(text)
