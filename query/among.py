"""Whether a text or a number is one of many, however many there are."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from query.comparisons import Sql


class Among(Func):
    """The values are one parameter: a statement may have but some thousand."""

    output_field = BooleanField()

    def __init__(self, tested: Combinable, values: Iterable[str] | Iterable[int]) -> None:
        super().__init__(tested)
        self.values = list(dict.fromkeys(values))

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        return f"({tested} = ANY(%s))", [*params, self.values]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        listed = f"({tested} IN (SELECT value FROM json_each(%s)))"  # noqa: S608
        return listed, [*params, json.dumps(self.values)]
