"""Texts out of what devices tell of themselves, as expressions; NULL where there is none."""

import json
import re
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf, Upper
from django.db.models.sql.compiler import SQLCompiler

from query.comparisons import Test
from query.json_paths import Path, Sql, literal, postgresql_literal, postgresql_value, sqlite_value

# A URI's host, which may be in brackets, or all of what is no URI.
_HOST = r"^([A-Za-z][A-Za-z0-9+.-]*://)?([^/@]*@)?(\[([^]]*)\]|([^][/:?#]*)).*$"
_DECIMAL = r"^-?[0-9]{1,18}(?:\.[0-9]{1,20})?$"
_MAC = "^" + "[:.-]?".join(["([0-9A-Fa-f]{2})"] * 6) + "$"
_UUID = "^(.{8})-?(.{4})-?(.{4})-?(.{4})-?(.{4})(.{8})$"


class Told(Func):
    """The value at a path of a JSON column as text, of a list its first."""

    output_field = TextField()

    def __init__(self, document: str | Combinable, path: Path) -> None:
        super().__init__(F(document) if isinstance(document, str) else document)
        self.path = path

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        # Lax, so that a value alone counts as the first of a list.
        path = postgresql_literal(
            "$" + "".join(f".{json.dumps(name)}" for name in self.path) + "[*]"
        )
        first = f"jsonb_path_query_first({document}, {path}::jsonpath)"
        return f"NULLIF({first} #>> '{{}}', '')", [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        first = f"json_extract({document}, {path})"
        text = _sqlite_text(f"json_type({document}, {path})", first, f"{document} -> {path}")
        return f"NULLIF({text}, '')", [*params] * 4


class FirstTold(Func):
    """Of the members of an object in a JSON column that begin so, the first by name with a text."""

    output_field = TextField()

    def __init__(self, document: str, path: Path, beginning: str) -> None:
        super().__init__(F(document))
        self.path, self.beginning = path, beginning

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path)
        pairs = f"CASE WHEN jsonb_typeof({value}) = 'object' THEN {value} END"
        text = _postgresql_text("pair.value")
        begins = f"left(pair.key, {len(self.beginning)}) = {postgresql_literal(self.beginning)}"
        sql = (
            f"(SELECT {text} FROM jsonb_each({pairs}) AS pair (key, value)"  # noqa: S608
            f" WHERE {begins} AND {text} > '' ORDER BY pair.key COLLATE \"C\" LIMIT 1)"
        )
        return sql, [*params] * 2

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        text = _sqlite_text("pair.type", "pair.value", "pair.value")
        begins = f"substr(pair.key, 1, {len(self.beginning)}) = {literal(self.beginning)}"
        sql = (
            f"(SELECT {text} FROM json_each({document}, {path}) AS pair"  # noqa: S608
            f" WHERE {begins} AND {text} > '' ORDER BY pair.key LIMIT 1)"
        )
        return sql, [*params]


def _postgresql_text(value: str) -> str:
    return (
        f"(CASE WHEN jsonb_typeof({value}) = 'array' THEN {value} ->> 0"
        f" ELSE {value} #>> '{{}}' END)"
    )


def _sqlite_text(kind: str, value: str, spelt: str) -> str:
    """A number as it is spelt in the document."""
    return (
        f"(CASE {kind} WHEN 'array' THEN CAST(json_extract({value}, '$[0]') AS TEXT)"
        f" WHEN 'text' THEN {value} WHEN 'null' THEN NULL ELSE CAST({spelt} AS TEXT) END)"
    )


class SomeTag(Func):
    """Whether a tag passes the test of its text: its name, or `name=value` where it has a value."""

    output_field = BooleanField()

    def __init__(self, document: str, path: Path, test: Test) -> None:
        super().__init__(F(document))
        self.path, self.test = path, test

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path)
        pairs = f"CASE WHEN jsonb_typeof({value}) = 'object' THEN {value} END"
        test, more = self.test.as_postgresql(compiler, connection)
        sql = (
            f"EXISTS(SELECT 1 FROM jsonb_each({pairs}) AS pair (key, value)"  # noqa: S608
            " LEFT JOIN LATERAL jsonb_path_query(pair.value, '$[*]') AS element (value) ON TRUE"
            f" WHERE {test})"
        )
        return sql, [*params, *params, *more]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        test, more = self.test.as_sqlite(compiler, connection)
        each = "CASE WHEN pair.type = 'array' THEN pair.value ELSE json_array(pair.value) END"
        sql = (
            f"EXISTS(SELECT 1 FROM json_each({document}, {path}) AS pair"  # noqa: S608
            f" LEFT JOIN json_each({each}) AS element WHERE {test})"
        )
        return sql, [*params, *more]


class TagText(Func):
    """The text of the tag at hand, inside of `SomeTag`."""

    output_field = TextField()

    def __init__(self) -> None:
        super().__init__()

    def as_postgresql(self, *_args: Any, **_context: Any) -> Sql:
        return _tag("(element.value #>> '{}')"), []

    def as_sqlite(self, *_args: Any, **_context: Any) -> Sql:
        return _tag("CAST(element.value AS TEXT)"), []


def _tag(value: str) -> str:
    return f"(CASE WHEN {value} > '' THEN pair.key || '=' || {value} ELSE pair.key END)"


class Rewritten(Func):
    """A text with what a pattern finds in it written anew; NULL if that leaves nothing.

    The pattern means the same to Python and to PostgreSQL.
    """

    output_field = TextField()

    def __init__(self, text: Combinable, pattern: str, by: str) -> None:
        super().__init__(text)
        self.pattern, self.by = pattern, by

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return f"NULLIF(regexp_replace({text}, %s, %s), '')", [*params, self.pattern, self.by]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return f"NULLIF(slipway_rewritten({text}, %s, %s), '')", [*params, self.pattern, self.by]


def _rewritten(text: str | None, pattern: str, by: str) -> str | None:
    return None if text is None else re.sub(pattern, by, text, count=1, flags=re.DOTALL)


def _teach_rewriting(connection: Any, **_signal: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "slipway_rewritten", 3, _rewritten, deterministic=True
        )


connection_created.connect(_teach_rewriting, dispatch_uid="api.digi.language.attributes")


class Decimal(Func):
    """The number that a text spells; NULL if it is none."""

    output_field = FloatField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return f"(substring({text} FROM '{_DECIMAL}')::double precision)", [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        number = f"(CASE WHEN slipway_found('{_DECIMAL}', {text}) THEN CAST({text} AS NUMERIC) END)"
        return number, [*params] * 2


class Stripped(Func):
    """A path without slashes before and behind."""

    template = "trim(%(expressions)s, '/')"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Sql:
        template = "btrim(%(expressions)s, '/')"
        sql, params = self.as_sql(compiler, connection, template=template, **context)
        return sql, [*params]


def host(address: Any) -> Rewritten:
    """The host of an address, without brackets or port."""
    return Rewritten(address, _HOST, r"\4\5")


def before_slash(address: Any) -> Rewritten:
    """An address without the length of its prefix."""
    return Rewritten(address, r"^([^/]*)/.*$", r"\1")


def mac_address(text: Any) -> Upper:
    """As AA:BB:CC:DD:EE:FF if it has twelve digits, however they are parted."""
    return Upper(Rewritten(text, _MAC, r"\1:\2:\3:\4:\5:\6"))


def device_id(id_text: Any) -> Upper:
    """A UUID's digits as XXXXXXXX-XXXXXXXX-XXXXXXXX-XXXXXXXX."""
    return Upper(Rewritten(id_text, _UUID, r"\1-\2\3-\4\5-\6"))


def first_of(*texts: Any) -> Coalesce:
    """The first that is there."""
    return Coalesce(*texts, output_field=TextField())


def present(column: str) -> NullIf:
    return NullIf(F(column), Value(""), output_field=TextField())
