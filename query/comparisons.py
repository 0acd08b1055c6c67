"""A plain value compared in SQL, as each database does it."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, Func, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from query.patterns import checked, is_found
from query.tree import Operator, Scalar
from query.wildcards import glob, like

SIGNS = {
    Operator.EQUAL: "=",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}
Sql = tuple[str, Any]


def sqlite_number(value: Scalar) -> Scalar:
    """SQLite keeps whole numbers of 64 bits and turns longer ones into floats."""
    return float(value) if isinstance(value, int) and value.bit_length() > 63 else value


def teach_patterns(connection: Any, **_signal: Any) -> None:
    """Give SQLite, which has no regular expressions, ours: `slipway_found(pattern, text)`.

    Every connection learns it: a statement may be asked by another than it was compiled for.
    """
    if connection.vendor == "sqlite":
        connection.connection.create_function("slipway_found", 2, _found, deterministic=True)


def _found(pattern: str, text: object) -> bool:
    return isinstance(text, str) and is_found(pattern, text)


connection_created.connect(teach_patterns, dispatch_uid="query.patterns")


class Test(Func):
    """A text compared with another by code point, or with a pattern, or two numbers.

    Raises Unsupported.
    """

    output_field = BooleanField()

    def __init__(self, tested: Combinable, comparison: Operator, wanted: Scalar) -> None:
        super().__init__(tested)
        self.comparison = comparison
        self.wanted = checked(str(wanted)) if comparison == Operator.FOUND else wanted

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        if self.comparison == Operator.FOUND:
            return f"({tested} ~ %s)", [*params, self.wanted]
        if self.comparison == Operator.LIKE:
            return f'({tested} LIKE %s COLLATE "C")', [*params, like(str(self.wanted))]
        is_text = isinstance(self.wanted, str)
        wanted = '%s COLLATE "C"' if is_text else "%s::numeric"
        return f"({tested} {SIGNS[self.comparison]} {wanted})", [*params, str(self.wanted)]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        if self.comparison == Operator.FOUND:
            return f"slipway_found(%s, {tested})", [self.wanted, *params]
        if self.comparison == Operator.LIKE:
            return f"({tested} GLOB %s)", [*params, glob(str(self.wanted))]
        wanted = sqlite_number(self.wanted)
        return f"({tested} {SIGNS[self.comparison]} %s)", [*params, wanted]


class CodePoints(Func):
    """A text as it is compared and sorted everywhere here: by code point, on each database."""

    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return f'({text} COLLATE "C")', [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        text, params = compiler.compile(self.source_expressions[0])
        return text, [*params]


class OneOf(Func):
    """A text or a number that is one of some, for SQLite, where many alternatives go too deep."""

    output_field = BooleanField()

    def __init__(self, tested: Combinable, wanted: Iterable[Scalar]) -> None:
        super().__init__(tested)
        self.wanted = tuple(wanted)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        sql, values = sqlite_one_of(tested, self.wanted)
        return sql, [*params, *values]


def sqlite_one_of(tested: str, wanted: Iterable[Scalar]) -> tuple[str, list[Scalar]]:
    values = [sqlite_number(each) for each in wanted]
    return f"({tested} IN ({', '.join(['%s'] * len(values))}))", values


def texts_and_numbers(values: Iterable[Scalar]) -> tuple[list[str], list[Scalar]]:
    texts = [each for each in values if isinstance(each, str)]
    return texts, [each for each in values if not isinstance(each, str)]
