"""Values inside a JSON column, as SQL that PostgreSQL and SQLite can find in an index.

A path is written into the statement, not passed beside it: SQLite takes an index on an
expression only for the very same expression.
"""

import json
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, DecimalField, Field, Func, JSONField, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

Path = tuple[str, ...]
Sql = tuple[str, Any]
HEAD = 512


def literal(text: str) -> str:
    """`text` as a literal of SQLite, to stand in a statement that has parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def postgresql_literal(text: str) -> str:
    """As `literal`, whether or not the server takes backslashes for escapes."""
    quoted = literal(text)
    return " E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted


def sqlite_value(document: str, path: Path) -> tuple[str, str]:
    """The document and the path in it to hand to SQLite's JSON functions."""
    if not any('"' in name for name in path):
        spelt = "".join(f".{json.dumps(name)}" for name in path)
        return document, literal(f"${spelt}")
    # Its paths know no escape for a quotation mark.
    return f"slipway_member({document}, {literal(json.dumps(path))})", "'$'"


def postgresql_value(document: str, path: Path, *, as_text: bool = False) -> str:
    names = [postgresql_literal(name) for name in path]
    last = "->>" if as_text else "->"
    return f"({' -> '.join([document, *names[:-1]])} {last} {names[-1]})"


def _member(document: str | None, names: str) -> str | None:
    value: Any = json.loads(document or "null")
    for name in json.loads(names):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return json.dumps(value)


def _teach_members(connection: Any, **_signal: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("slipway_member", 2, _member, deterministic=True)


connection_created.connect(_teach_members, dispatch_uid="query.json_paths")


class JsonScalar(Func):
    """The value at a path if it is of the one type, else NULL."""

    postgresql_type = sqlite_types = cast = ""
    output_field: "Field[Any, Any]"

    def __init__(self, document: Combinable, path: Path) -> None:
        super().__init__(document)
        self.path = path

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path)
        text = postgresql_value(document, self.path, as_text=True)
        is_kind = f"jsonb_typeof({value}) = '{self.postgresql_type}'"
        return f"(CASE WHEN {is_kind} THEN {text}{self.cast} END)", [*params] * 2

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        is_kind = f"json_type({document}, {path}) IN ({self.sqlite_types})"
        return f"(CASE WHEN {is_kind} THEN json_extract({document}, {path}) END)", [*params] * 2


class JsonText(JsonScalar):
    """The text at a path, compared by code point."""

    postgresql_type, sqlite_types, cast = "string", "'text'", ' COLLATE "C"'
    output_field = TextField()


class JsonHead(JsonText):
    """The text at a path as far as an index holds it: PostgreSQL refuses longer entries."""

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Sql:
        text, params = super().as_postgresql(compiler, connection, **context)
        return f"left({text}, {HEAD})", params

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Sql:
        text, params = super().as_sqlite(compiler, connection, **context)
        return f"substr({text}, 1, {HEAD})", params


class JsonNumber(JsonScalar):
    """The number at a path."""

    postgresql_type, sqlite_types, cast = "number", "'integer', 'real'", "::numeric"
    output_field = DecimalField()


class IsList(Func):
    """Whether there is a list at a path."""

    output_field = BooleanField()

    def __init__(self, document: Combinable, path: Path) -> None:
        super().__init__(document)
        self.path = path

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        return f"(jsonb_typeof({postgresql_value(document, self.path)}) = 'array')", [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        return f"(json_type({document}, {path}) = 'array')", [*params]


class Member(Func):
    """One member of a JSON object, as JSON; NULL where there is none."""

    output_field = JSONField()

    def __init__(self, document: Combinable, name: str) -> None:
        super().__init__(document)
        self.name = name

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        return postgresql_value(document, (self.name,)), [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        return f"slipway_member({document}, {literal(json.dumps([self.name]))})", [*params]
