"""How many rows a list has: exactly, or about how many where counting them would take long."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet

CAP = 10_000


class Counting(StrEnum):
    NONE = "none"
    EXACT = "exact"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Count:
    value: int
    is_exact: bool


def count_of(rows: QuerySet[Any], counting: Counting) -> Count | None:
    """An estimate is exact up to 10,000; beyond, what PostgreSQL expects, or "at least so many"."""
    rows = rows.order_by()
    if counting == Counting.NONE:
        return None
    if counting == Counting.EXACT:
        return Count(rows.count(), is_exact=True)
    capped = rows[: CAP + 1].count()
    if capped <= CAP:
        return Count(capped, is_exact=True)
    return Count(max(CAP, expected(rows)), is_exact=False)


def expected(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects there to be; elsewhere nobody says."""
    if connection.vendor != "postgresql":
        return 0
    (plan,) = json.loads(rows.explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])
