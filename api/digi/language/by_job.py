"""What was found for each job, as an expression over querysets of deployments."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Field, FloatField, Func, TextField
from django.db.models.expressions import F
from django.db.models.sql.compiler import SQLCompiler

from query.json_paths import Sql

Found = str | float | datetime
_CASTS = {
    TextField: ' COLLATE "C"',
    FloatField: "::double precision",
    DateTimeField: "::timestamptz",
}


class ByJob(Func):
    """The value that a job has by its number, NULL if it has none.

    Texts compare by code point. `kept` is a TextField, a FloatField or a DateTimeField.
    """

    def __init__(self, found: Mapping[int, Found], kept: "Field[Any, Any]") -> None:
        super().__init__(F("number"), output_field=kept)
        self.found = found

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        number, params = compiler.compile(self.source_expressions[0])
        cast = _CASTS[type(self.output_field)]
        return f"((%s::jsonb ->> ({number})::text){cast})", [self._spelt(connection), *params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        number, params = compiler.compile(self.source_expressions[0])
        return f"json_extract(%s, '$.' || {number})", [self._spelt(connection), *params]

    def _spelt(self, connection: Any) -> str:
        """As the database spells them: a moment is a text in JSON."""

        def told(moment: datetime) -> str:
            return str(connection.ops.adapt_datetimefield_value(moment))

        return json.dumps(self.found, default=told)
