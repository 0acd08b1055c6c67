"""What a list of jobs is asked for: `query`, `orderby`, `cursor` and `size`."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet

from api.digi.errors import Refused
from api.digi.language import jobs_matching, order_keys
from api.digi.resources import parameter
from api.endpoints import Call
from deployments.models import Deployment
from query.cursors import InvalidCursor, Place, cursor_of, place_of
from query.ordering import Ordering
from query.paging import page_of

MOST = 1000
_DIGITS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Found:
    """The numbers of the jobs on a page, and the cursor of the next one, "" on the last."""

    numbers: list[int]
    cursor: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The jobs that were asked for, in their order."""

    rows: QuerySet[Deployment]
    ordering: Ordering
    bound_to: str

    def page(self, size: int, cursor: str = "") -> Found:
        """Raises Refused (400) for a cursor of another query or order."""
        try:
            place = place_of(cursor, self.bound_to) if cursor else None
        except InvalidCursor as error:
            message = "cursor: it was not given for this query and this orderby"
            raise Refused(400, message) from error
        numbers, after = self.numbers(size, place)
        return Found(numbers, cursor_of(after, self.bound_to) if after else "")

    def numbers(self, size: int, place: Place | None = None) -> tuple[list[int], Place | None]:
        """Up to so many from that place on, and where to go on."""
        page = page_of(self.rows, self.ordering, [F("number")], limit=size, place=place)
        return [number for (number,) in page.rows], page.next


def asked_of(call: Call) -> Asked:
    """Raises QueryError and Refused (400)."""
    query, orderby = parameter(call, "query"), parameter(call, "orderby")
    return Asked(
        jobs_matching(call.organization, query),
        order_keys(call.organization, orderby),
        f"{call.organization.pk}\n{query.strip()}\n{orderby.strip()}",
    )


def required_query(call: Call) -> str:
    """The query of a call that changes all it matches; Refused (400) if it has none."""
    query = parameter(call, "query")
    if not query.strip():
        raise Refused(400, "query: it is needed here; no call changes all jobs at once")
    return query


def size_of(call: Call) -> int | None:
    """How many jobs are asked for, None where nothing is said; raises Refused (400)."""
    if "size" not in call.GET:
        return None
    text = parameter(call, "size")
    if not _DIGITS.fullmatch(text) or not int(text):
        raise Refused(400, f"size: {text[:64]!r} is no whole number from 1 on")
    return int(text)


def next_uri(call: Call, cursor: str) -> str:
    """Path and query of the next page: as this one was asked for, with the cursor."""
    kept: list[tuple[str, Any]] = [
        (name, parameter(call, name)) for name in ("query", "orderby", "size") if call.GET.get(name)
    ]
    return f"{call.path}?{urlencode([*kept, ('cursor', cursor)])}"
