"""One question to a JSON document, as each database asks it."""

import json
from typing import Any

from django.db.models import BooleanField, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from query.comparisons import SIGNS, sqlite_number, sqlite_one_of, texts_and_numbers
from query.json_paths import Path, Sql, sqlite_value
from query.patterns import checked
from query.tree import Comparison, Exists, Operator, Scalar
from query.wildcards import expression, glob

NUMBERS = "'integer', 'real'"


class Holds(Func):
    """Whether the document holds what a leaf asks for, in a list or as a plain value."""

    output_field = BooleanField()

    def __init__(self, document: Combinable, leaf: Comparison | Exists) -> None:
        super().__init__(document)
        self.leaf = leaf

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        return f"({document} @? %s::jsonpath)", [*params, json_path(self.leaf)]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.leaf.field)
        if isinstance(self.leaf, Exists):
            return f"(json_type({document}, {path}) IS NOT NULL)", [*params]
        if self.leaf.operator == Operator.EQUAL and isinstance(self.leaf.plain, tuple):
            return _sqlite_list(document, path, [*params], self.leaf.plain)
        test, values = _sqlite_element(self.leaf)
        rows = f"SELECT 1 FROM json_each({document}, {path}) AS element WHERE {test}"  # noqa: S608
        return f"EXISTS({rows})", [*params, *values]


def json_path(leaf: Comparison | Exists) -> str:
    """The leaf as an SQL/JSON path: lax, so that a list stands for each of its elements."""
    path = _path(leaf.field)
    if isinstance(leaf, Exists):
        return path
    if leaf.operator == Operator.EQUAL and isinstance(leaf.plain, tuple):
        return _list_path(path, leaf.plain)
    return f"{path} ? ({_path_test(leaf)})"


def _path(field: Path) -> str:
    return "$" + "".join(f".{json.dumps(name, ensure_ascii=False)}" for name in field)


def _path_test(leaf: Comparison) -> str:
    if leaf.operator == Operator.FOUND:
        return _path_pattern(checked(str(leaf.plain)))
    if leaf.operator == Operator.LIKE:
        return _path_pattern(expression(str(leaf.plain)))
    if isinstance(leaf.plain, tuple):
        return " || ".join(f"@ == {_path_value(each)}" for each in leaf.plain) or "1 == 0"
    sign = "==" if leaf.operator == Operator.EQUAL else SIGNS[leaf.operator]
    return f"@ {sign} {_path_value(leaf.plain)}"


def _path_pattern(pattern: str) -> str:
    return f'@ like_regex {json.dumps(pattern, ensure_ascii=False)} flag "s"'


def _path_value(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list_path(path: str, wanted: tuple[Scalar, ...]) -> str:
    tests = ['@.type() == "array"', f"@.size() == {len(wanted)}"]
    tests += [f"@[{place}] == {_path_value(each)}" for place, each in enumerate(wanted)]
    return f"strict {path} ? ({' && '.join(tests)})"


def _sqlite_element(leaf: Comparison) -> Sql:
    if isinstance(leaf.plain, tuple):
        texts, numbers = texts_and_numbers(leaf.plain)
        is_text, text_values = sqlite_one_of("element.value", texts)
        is_number, number_values = sqlite_one_of("element.value", numbers)
        tests = (
            f"element.type = 'text' AND {is_text} OR element.type IN ({NUMBERS}) AND {is_number}"
        )
        return f"({tests})", [*text_values, *number_values]
    if leaf.operator == Operator.FOUND:
        found = "element.type = 'text' AND slipway_found(%s, element.value)"
        return found, [checked(str(leaf.plain))]
    if leaf.operator == Operator.LIKE:
        return "element.type = 'text' AND element.value GLOB %s", [glob(str(leaf.plain))]
    return _sqlite_same("element.type", "element.value", leaf.plain, SIGNS[leaf.operator])


def _sqlite_same(kind: str, element: str, wanted: Scalar, sign: str = "=") -> Sql:
    if isinstance(wanted, bool):
        return f"({kind} = %s)", ["true" if wanted else "false"]
    kinds = "'text'" if isinstance(wanted, str) else NUMBERS
    return f"({kind} IN ({kinds}) AND {element} {sign} %s)", [sqlite_number(wanted)]


def _sqlite_list(document: str, path: str, params: list[Any], wanted: tuple[Scalar, ...]) -> Sql:
    """Each mention of the document brings its parameters, of which a column has none."""
    tests = [f"json_type({document}, {path}) = 'array'"]
    tests += [f"json_array_length({document}, {path}) = {len(wanted)}"]
    values: list[Any] = []
    for place, each in enumerate(wanted):
        at = f"{path[:-1]}[{place}]'"
        kind, element = f"json_type({document}, {at})", f"json_extract({document}, {at})"
        test, more = _sqlite_same(kind, element, each)
        tests, values = [*tests, test], [*values, *more]
    return f"({' AND '.join(tests)})", values
