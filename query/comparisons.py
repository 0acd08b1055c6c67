"""A plain value compared in SQL, as each database does it."""

from typing import Any

from django.db.models import BooleanField, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from query.patterns import checked, is_found
from query.tree import Operator, Scalar

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


def teach_patterns(connection: Any) -> None:
    """Give SQLite, which has no regular expressions, ours: `slipway_found(pattern, text)`."""
    connection.ensure_connection()
    connection.connection.create_function(
        "slipway_found",
        2,
        lambda pattern, text: isinstance(text, str) and is_found(pattern, text),
        deterministic=True,
    )


class Test(Func):
    """A text compared with another by code point or searched for a pattern, or two numbers."""

    output_field = BooleanField()

    def __init__(self, tested: Combinable, comparison: Operator, wanted: Scalar) -> None:
        super().__init__(tested)
        self.comparison, self.wanted = comparison, wanted

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        if self.comparison == Operator.FOUND:
            return f"({tested} ~ %s)", [*params, checked(str(self.wanted))]
        is_text = isinstance(self.wanted, str)
        wanted = '%s COLLATE "C"' if is_text else "%s::numeric"
        return f"({tested} {SIGNS[self.comparison]} {wanted})", [*params, str(self.wanted)]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        tested, params = compiler.compile(self.source_expressions[0])
        if self.comparison == Operator.FOUND:
            teach_patterns(connection)
            return f"slipway_found(%s, {tested})", [checked(str(self.wanted)), *params]
        wanted = sqlite_number(self.wanted)
        return f"({tested} {SIGNS[self.comparison]} %s)", [*params, wanted]
