"""The roles of a member, as something to ask about."""

from collections.abc import Callable
from typing import Any, Never

from django.db.models import F, Func, JSONField, Q
from django.db.models.sql.compiler import SQLCompiler

from fleet.models import CustomRole, Role
from query.columns import SetColumn
from query.json_leaves import Holds
from query.matching import matches
from query.tree import Comparison, Field, Operator, Unsupported, Value

Sql = tuple[str, Any]


class Joined(Func):
    """A text, which may be empty, and two JSON lists of texts as one JSON list."""

    output_field = JSONField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        (first, first_params), *lists = map(compiler.compile, self.source_expressions)
        one = f"CASE WHEN {first} = '' THEN '[]' ELSE jsonb_build_array({first}) END"
        joined = " || ".join(sql for sql, _params in lists)
        params = [*first_params, *first_params, *(each for _, more in lists for each in more)]
        return f"(({one}) || {joined})", params

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        (first, first_params), *lists = map(compiler.compile, self.source_expressions)
        one = f"SELECT {first} AS value WHERE {first} <> ''"
        parts = [one, *(f"SELECT value FROM json_each({sql})" for sql, _params in lists)]  # noqa: S608
        params = [*first_params, *first_params, *(each for _, more in lists for each in more)]
        rows = " UNION ALL ".join(parts)
        return f"(SELECT json_group_array(value) FROM ({rows}))", params  # noqa: S608


def _always(value: str) -> Callable[[Field], object]:
    return lambda _field: value


class RolesHeld:
    """Built-in roles by their words, the organization's own by their names."""

    def __init__(self) -> None:
        self.own = SetColumn(CustomRole.objects.all(), "memberships", "name")

    def exists(self) -> Q:
        return ~Q(role="") | self.own.exists()

    def compare(self, operator: Operator, value: Value) -> Q:
        asked = Comparison((), operator, value)
        built_in = tuple(role for role in Role.values if matches(asked, _always(role)))
        own = self.own.compare(operator, value)
        if not built_in:
            return own
        further: Any = Holds(F("further_roles"), Comparison((), Operator.IN, built_in))
        return own | Q(role__in=built_in) | Q(further)

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> Never:
        raise Unsupported("there is no order among several texts")
