"""Which attributes devices have, and how many have each."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.fields.json import KeyTransform
from django.db.models.lookups import IsNull

from fleet.attributes import Value
from fleet.models.device import DeviceQuerySet
from query.json_paths import Member
from query.planning import planned_for_its_values

MOST = 500
# Counting may take a hundredth of the time, however often it is asked for.
SHARE = 100
AT_ONCE = 0.05
SCOPES = {"inventory": "told -> 'inventory'", "tags": "told -> 'tags'"} | {
    "monitor": "told -> 'monitor'",
    "identity": "identity",
}


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AttributeCount:
    name: str
    scope: str
    count: int


def attributes_in_use(devices: DeviceQuerySet) -> list[AttributeCount]:
    """The 500 most frequent attributes: by count downwards, then by scope and name.

    Where counting takes a while the answer is kept for a hundred times as long.
    """
    known = devices.order_by().annotate(told=F("inventory__attributes"))
    sql, params = known.values_list("identity", "told").query.sql_with_params()

    def count() -> list[AttributeCount]:
        return _counted(devices, NAMES[connection.vendor](sql), params)

    return _now_and_then(f"attributes {sql} {params}", count)


def values_in_use(devices: DeviceQuerySet, scope: str, name: str) -> list[tuple[Value, int]]:
    """The 500 most frequent values of one attribute of scope "inventory" or "tags"; kept alike."""
    value = Member(KeyTransform(scope, "inventory__attributes"), name)
    known = devices.order_by().annotate(value=value).filter(IsNull(value, rhs=False))
    counts = known.values_list("value").annotate(count=Count("number"))
    found = counts.order_by("-count", "value")[:MOST]
    sql, params = found.query.sql_with_params()
    return _now_and_then(f"values {sql} {params}", lambda: list(found))


def _now_and_then(asked: str, count: Callable[[], T]) -> T:
    key = hashlib.sha256(asked.encode()).hexdigest()
    kept: T | None = cache.get(key)
    if kept is not None:
        return kept
    begun = time.monotonic()
    with planned_for_its_values():
        counted = count()
    taken = time.monotonic() - begun
    if taken > AT_ONCE:
        cache.set(key, counted, SHARE * taken)
    return counted


def _counted(devices: DeviceQuerySet, sql: str, params: Any) -> list[AttributeCount]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = [AttributeCount(name, scope, int(count)) for scope, name, count in cursor]
    counts = [*found, *_of_columns(devices)]
    return sorted(counts, key=lambda each: (-each.count, each.scope, each.name))[:MOST]


def _of_columns(devices: DeviceQuerySet) -> list[AttributeCount]:
    """What is no member of a JSON column."""
    heard = Q(contact__isnull=False) | Q(inventory__isnull=False)
    counts = devices.aggregate(
        every=Count("number"),
        grouped=Count("number", filter=~Q(group="")),
        heard=Count("number", filter=heard),
    )
    rows = {
        ("identity", "status"): "every",
        ("system", "created_ts"): "every",
        ("system", "updated_ts"): "every",
        ("system", "group"): "grouped",
        ("system", "check_in_time"): "heard",
    }
    return [
        AttributeCount(name, scope, counts[counted])
        for (scope, name), counted in rows.items()
        if counts[counted]
    ]


def _on_postgresql(devices: str) -> str:
    """Most devices of a fleet have the same names: these are counted once for all of them."""
    names = [
        f"ARRAY(SELECT jsonb_object_keys({members})) AS {scope}"
        for scope, members in SCOPES.items()
    ]
    return (
        f"WITH alike AS (SELECT {', '.join(names)}, count(*) AS devices"  # noqa: S608
        f" FROM ({devices}) AS known GROUP BY 1, 2, 3, 4) "
        + _each("SELECT '{0}', name, sum(devices) FROM alike, unnest({0}) AS name{1} GROUP BY 2")
    )


def _on_sqlite(devices: str) -> str:
    return f"WITH known AS ({devices}) " + _each(  # noqa: S608
        "SELECT '{0}', key, count(*) FROM known, json_each({2}){1} GROUP BY 2", name="key"
    )


def _each(select: str, name: str = "name") -> str:
    """One such SELECT for each scope; a device's own status hides one in its identity."""
    parts = []
    for scope in SCOPES:
        without = f" WHERE {name} <> 'status'" if scope == "identity" else ""
        members = "identity" if scope == "identity" else f"told, '$.{scope}'"
        parts.append(select.format(scope, without, members))
    return f"{' UNION ALL '.join(parts)} ORDER BY 3 DESC, 1, 2 LIMIT {MOST}"


NAMES: dict[str, Callable[[str], str]] = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
