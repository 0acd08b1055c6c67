"""Members of a JSON object by name, names and texts compared whatever their case.

A member that is a list holds what one of its elements does; a number is a number here.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Q, TextField
from django.db.models.expressions import Combinable, Expression
from django.db.models.sql.compiler import SQLCompiler

from query.columns import NOTHING
from query.comparisons import Test, sqlite_number
from query.json_paths import Path, Sql, postgresql_value, sqlite_value
from query.searching import Folded
from query.tree import Operator, Scalar, Unsupported, Value


class FoldedMember:
    """The member `name`, in small letters, of the object at `path` of a JSON column.

    `row` is the relation that the column is behind. With `inner`, each member is an object and
    that name in it is what counts.
    """

    def __init__(
        self, document: str, path: Path, name: str, *, row: str = "", inner: str = ""
    ) -> None:
        self.document, self.path, self.inner = F(document), path, inner
        self.named = Test(Folded(_Part("pair.key")), Operator.EQUAL, name)
        self.there = Q(**{f"{row}__isnull": False}) if row else Q()

    def exists(self) -> Q:
        return self.there & Q(_SomePair(self.document, self.path, self.named))

    def compare(self, operator: Operator, value: Value) -> Q:
        wanted = value if isinstance(value, tuple) else (value,)
        tests = [_Element(operator, each) for each in wanted if not isinstance(each, bool)]
        if not tests:
            return NOTHING
        return self.there & Q(
            _SomePair(self.document, self.path, self.named, tuple(tests), self.inner)
        )

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("nothing is sorted by a member")


class FoldedNames:
    """The names in the object at `path` of a JSON column, as a set of texts."""

    def __init__(self, document: str, path: Path, *, row: str = "") -> None:
        self.document, self.path = F(document), path
        self.there = Q(**{f"{row}__isnull": False}) if row else Q()

    def exists(self) -> Q:
        return self.there & Q(_SomePair(self.document, self.path))

    def compare(self, operator: Operator, value: Value) -> Q:
        wanted = value if isinstance(value, tuple) else (value,)
        operator = Operator.EQUAL if operator == Operator.IN else operator
        tests = [
            _SomePair(self.document, self.path, Test(Folded(_Part("pair.key")), operator, each))
            for each in wanted
            if isinstance(each, str)
        ]
        found = NOTHING
        for test in tests:
            found |= Q(test)
        return self.there & found

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("there is no order among several names")


class _Part(Func):
    """A column of the pair or the element at hand, inside of `_SomePair`."""

    output_field = TextField()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_args: Any, **_context: Any) -> Sql:
        return self.name, []


class _Element:
    """One text or number that the element at hand is compared with."""

    def __init__(self, operator: Operator, wanted: Scalar) -> None:
        operator = Operator.EQUAL if operator == Operator.IN else operator
        self.is_text = isinstance(wanted, str)
        self.wanted = wanted if self.is_text else sqlite_number(wanted)
        self.operator = operator

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> Sql:
        text = "(element.value #>> '{}')"
        if self.is_text:
            test, params = Test(Folded(_Part(text)), self.operator, self.wanted).as_postgresql(
                compiler, connection
            )
            return f"(jsonb_typeof(element.value) = 'string' AND {test})", [*params]
        if self.operator == Operator.LIKE:
            return "false", []
        number = f"(CASE WHEN jsonb_typeof(element.value) = 'number' THEN {text}::numeric END)"
        return Test(_Part(number), self.operator, self.wanted).as_postgresql(compiler, connection)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> Sql:
        if self.is_text:
            test, params = Test(
                Folded(_Part("element.value")), self.operator, self.wanted
            ).as_sqlite(compiler, connection)
            return f"(element.type = 'text' AND {test})", [*params]
        if self.operator == Operator.LIKE:
            return "0", []
        test, params = Test(_Part("element.value"), self.operator, self.wanted).as_sqlite(
            compiler, connection
        )
        return f"(element.type IN ('integer', 'real') AND {test})", [*params]


class _SomePair(Func):
    """Whether some member passes the test of its name and has an element that passes one."""

    output_field = BooleanField()

    def __init__(
        self,
        document: Combinable,
        path: Path,
        named: Func | None = None,
        elements: tuple[_Element, ...] = (),
        inner: str = "",
    ) -> None:
        super().__init__(document)
        self.path, self.named, self.elements, self.inner = path, named, elements, inner

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        value = postgresql_value(document, self.path) if self.path else document
        pairs = f"CASE WHEN jsonb_typeof({value}) = 'object' THEN {value} END"
        named, more = self._named("as_postgresql", compiler, connection)
        tests, most = self._elements("as_postgresql", compiler, connection)
        member = postgresql_value("pair.value", (self.inner,)) if self.inner else "pair.value"
        rows = f"SELECT 1 FROM jsonb_path_query({member}, '$[*]') AS element (value) WHERE {tests}"  # noqa: S608
        has_element = f" AND EXISTS({rows})" if self.elements else ""
        some = f"SELECT 1 FROM jsonb_each({pairs}) AS pair (key, value) WHERE {named}{has_element}"  # noqa: S608
        return f"EXISTS({some})", [*params, *params, *more, *most]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        document, params = compiler.compile(self.source_expressions[0])
        document, path = sqlite_value(document, self.path)
        named, more = self._named("as_sqlite", compiler, connection)
        tests, most = self._elements("as_sqlite", compiler, connection)
        kind, value = "pair.type", "pair.value"
        if self.inner:
            member, at = sqlite_value("pair.value", (self.inner,))
            kind, value = f"json_type({member}, {at})", f"json_extract({member}, {at})"
        each = f"CASE WHEN {kind} = 'array' THEN {value} ELSE json_array({value}) END"
        rows = f"SELECT 1 FROM json_each({each}) AS element WHERE {tests}"  # noqa: S608
        has_element = f" AND EXISTS({rows})" if self.elements else ""
        some = f"SELECT 1 FROM json_each({document}, {path}) AS pair WHERE {named}{has_element}"  # noqa: S608
        return f"EXISTS({some})", [*params, *more, *most]

    def _named(self, how: str, compiler: SQLCompiler, connection: Any) -> Sql:
        return getattr(self.named, how)(compiler, connection) if self.named else ("1 = 1", [])

    def _elements(self, how: str, compiler: SQLCompiler, connection: Any) -> Sql:
        tests = [getattr(each, how)(compiler, connection) for each in self.elements]
        return " OR ".join(sql for sql, _ in tests), [each for _, more in tests for each in more]
