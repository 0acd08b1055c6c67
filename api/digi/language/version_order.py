"""Versions in an order that a database can sort by."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Func, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from query.json_paths import Sql
from query.versions import VersionKey, version_key

_END = "\x01"


class VersionOrder(Func):
    """For a version that is one of some, a text that sorts by code point as versions do.

    It is the same whatever the others are: a place in the order stays where it is. An empty
    version, or another one, has none.
    """

    output_field = TextField()

    def __init__(self, version: Combinable, versions: Iterable[str]) -> None:
        super().__init__(version)
        kept = {each: sortable(version_key(each)) for each in versions if each}
        self.keys = json.dumps(kept, sort_keys=True)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        version, params = compiler.compile(self.source_expressions[0])
        return f'((%s::jsonb ->> ({version})) COLLATE "C")', [self.keys, *params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        version, params = compiler.compile(self.source_expressions[0])
        sql = f"(SELECT value FROM json_each(%s) WHERE key = {version})"  # noqa: S608
        return sql, [self.keys, *params]


def sortable(key: VersionKey) -> str:
    return "".join(f"{kind}{length:04}{text}{_END}" for kind, length, text in key)
