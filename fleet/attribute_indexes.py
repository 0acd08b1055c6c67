"""Indexes on single attributes, for those that lists are often sorted or searched by."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import Query

from fleet.errors import Invalid
from fleet.filters import target_of
from fleet.models import Device, Inventory
from query.json_fields import JsonField
from query.tree import Field


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one attribute needs: by name, what stands behind ON."""

    table: str
    indexes: dict[str, str]
    statistics: dict[str, str]


def create_indexes(field: Field) -> list[str]:
    """Index the attribute of (scope, name), while others go on writing; answers the names.

    What the indexes hold is what `query.json_fields` asks for. An index that exists stays.
    Raises Invalid("not_indexable").
    """
    wanted = _wanted(field)
    for name, what in wanted.indexes.items():
        _execute(f"CREATE INDEX {_concurrently()} IF NOT EXISTS {name} ON {what}")
    if connection.vendor == "postgresql":
        for name, what in wanted.statistics.items():
            _execute(f"CREATE STATISTICS IF NOT EXISTS {name} ON {what}")
    _execute(f"ANALYZE {wanted.table}")
    return list(wanted.indexes)


def drop_indexes(field: Field) -> list[str]:
    wanted = _wanted(field)
    for name in wanted.indexes:
        _execute(f"DROP INDEX {_concurrently()} IF EXISTS {name}")
    if connection.vendor == "postgresql":
        for name in wanted.statistics:
            _execute(f"DROP STATISTICS IF EXISTS {name}")
    return list(wanted.indexes)


def _wanted(field: Field) -> _Wanted:
    """Plain values in the order of sorting, and apart from them the rows with lists.

    PostgreSQL keeps no statistics of use to us on an index of some rows only: they come apart.
    """
    if '"' in field[1] or not isinstance(target_of(field), JsonField):
        why = "only attributes in JSON, without a quotation mark in their name, can be indexed"
        raise Invalid("not_indexable", why, field="attribute")
    model: type[Model] = Inventory
    target, number = JsonField("attributes", field), "device_id"
    if field[0] == "identity":
        model, target, number = Device, JsonField("identity", field[1:]), "number"
    name = f"attribute_{hashlib.sha256('/'.join(field).encode()).hexdigest()[:16]}"
    keys = [f"({_sql(model, key)})" for key in target.sort_keys()]
    has_key, is_list = _sql(model, target.has_key()), _sql(model, target.is_list())
    nulls = "" if connection.vendor == "sqlite" else " NULLS FIRST"
    ordered = ", ".join(f"{key}{nulls}" for key in keys)
    table = model._meta.db_table
    counted = enumerate([*keys, f"({is_list})"])
    return _Wanted(
        table,
        {
            name: f"{table} ({ordered}, {number}) WHERE {has_key}",
            f"{name}_lists": f"{table} ({number}) WHERE {is_list}",
        },
        {f"{name}_{place}": f"{each} FROM {table}" for place, each in counted},
    )


def _sql(model: type[Model], expression: Any) -> str:
    """The expression as a query has it, but without the table's name before the column."""
    query = Query(model, alias_cols=False)
    resolved = expression.resolve_expression(query)
    sql, params = query.get_compiler(connection=connection).compile(resolved)
    return str(sql % tuple(params))


def _concurrently() -> str:
    may_wait = connection.vendor == "postgresql" and not connection.in_atomic_block
    return "CONCURRENTLY" if may_wait else ""


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
