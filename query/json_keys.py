"""The names in a JSON object, as a set of texts: what is asked holds if it does for one of them.

On PostgreSQL a GIN index on the object (`jsonb_ops`) answers which rows have a name.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import Combinable, Expression
from django.db.models.sql.compiler import SQLCompiler

from query.comparisons import Test
from query.json_paths import Path, Sql, postgresql_value, sqlite_value
from query.tree import Operator, Unsupported, Value


class JsonKeys:
    """The names in the object at `path` of the JSON column `document`, behind the relation `row`.

    No object, or one without names, is missing.
    """

    def __init__(self, document: str, path: Path, *, row: str = "") -> None:
        self.document, self.path = F(document), path
        self.there = Q(**{f"{row}__isnull": False}) if row else Q()

    def exists(self) -> Q:
        return self.there & Q(_Named(self.document, self.path))

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator in {Operator.EQUAL, Operator.IN}:
            values = value if isinstance(value, tuple) else (value,)
            names = [] if operator == Operator.EQUAL and isinstance(value, tuple) else values
            texts = tuple(each for each in names if isinstance(each, str))
            return self.there & Q(_OneNamed(self.document, self.path, texts))
        if not isinstance(value, str):
            return Q(pk__in=[])
        return self.there & Q(_Named(self.document, self.path, Test(_Key(), operator, value)))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("there is no order among several names")


class _Key(Func):
    """The name at hand, inside of `_Named`."""

    def as_sql(self, *_args: Any, **_context: Any) -> Sql:
        return "named.key", []


class _Named(Func):
    """Whether some name in the object passes the test, or there is any if there is none."""

    output_field = BooleanField()

    def __init__(self, document: Combinable, path: Path, test: Func | None = None) -> None:
        super().__init__(document)
        self.path, self.test = path, test

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path)
        if self.test is None:
            return f"({value} <> '{{}}')", [*params]
        test, more = self.test.as_postgresql(compiler, connection)  # type: ignore[attr-defined]
        names = f"CASE WHEN jsonb_typeof({value}) = 'object' THEN {value} END"
        rows = f"SELECT 1 FROM jsonb_object_keys({names}) AS named (key) WHERE {test}"  # noqa: S608
        return f"EXISTS({rows})", [*params, *params, *more]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        test, more = self.test.as_sqlite(compiler, connection) if self.test else ("1", ())
        rows = f"SELECT 1 FROM json_each({document}, {path}) AS named WHERE {test}"  # noqa: S608
        return f"EXISTS({rows})", [*params, *more]


class _OneNamed(Func):
    """Whether one of these names is in the object."""

    output_field = BooleanField()

    def __init__(self, document: Combinable, path: Path, names: tuple[str, ...]) -> None:
        super().__init__(document)
        self.path, self.names = path, names

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path)
        if len(self.names) == 1:
            return f"({value} ? %s)", [*params, self.names[0]]
        return f"({value} ?| %s::text[])", [*params, list(self.names)]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        marks = ", ".join(["%s"] * len(self.names))
        rows = f"SELECT 1 FROM json_each({document}, {path}) WHERE key IN ({marks})"  # noqa: S608
        return f"EXISTS({rows})", [*params, *self.names]
