"""Fields that are members of a JSON column, as targets of the compiler.

Ranges and patterns are asked of the plain value, which an index on `JsonNumber` and `JsonHead`
answers, and of lists apart. Equality and existence are a JSON path on PostgreSQL, which a GIN
index on the column answers.
"""

from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.lookups import IsNull

from query.comparisons import OneOf, Test, texts_and_numbers
from query.json_leaves import Holds
from query.json_paths import HEAD, IsList, JsonHead, JsonNumber, JsonText, Path
from query.patterns import checked, prefix_of
from query.tree import Comparison, Exists, Operator, Scalar, Value
from query.wildcards import prefix_of as plain_prefix_of

EXACT = {Operator.EQUAL, Operator.IN}
LOOSENED = {Operator.LESS: Operator.LESS_OR_EQUAL, Operator.GREATER: Operator.GREATER_OR_EQUAL}


class JsonField:
    """The member at `path` of the JSON column `document`.

    `row` is the relation that the column is behind; with `is_plain` there are only texts,
    numbers and lists in it.
    """

    def __init__(self, document: str, path: Path, *, row: str = "", is_plain: bool = False) -> None:
        self.document, self.path, self.is_plain = F(document), path, is_plain
        self.number, self.text, self.head = (
            kind(self.document, path) for kind in (JsonNumber, JsonText, JsonHead)
        )
        # Said apart, so that the join is an inner one and may begin at the index.
        self.there = Q(**{f"{row}__isnull": False}) if row else Q()

    def sort_keys(self) -> list[Expression | F]:
        return [self.number, self.head]

    def has_key(self) -> Q:
        return self.there & (Q(IsNull(self.number, rhs=False)) | Q(IsNull(self.head, rhs=False)))

    def is_list(self) -> Q:
        return Q(IsList(self.document, self.path))

    def exists(self) -> Q:
        if not self.is_plain:
            return self.there & Q(Holds(self.document, Exists(self.path)))
        has_text = Q(IsNull(self.number, rhs=True)) & Q(IsNull(self.head, rhs=False))
        return self.there & (Q(IsNull(self.number, rhs=False)) | has_text | self.is_list())

    def compare(self, operator: Operator, value: Value) -> Q:
        whole = Q(Holds(self.document, Comparison(self.path, operator, value)))
        is_whole = operator == Operator.EQUAL and isinstance(value, tuple | bool)
        if is_whole or (operator in EXACT and connection.vendor == "postgresql"):
            return self.there & whole
        in_list = self.is_list() & whole
        return self.there & (self._plain(operator, value) | in_list)

    def _plain(self, operator: Operator, value: Value) -> Q:
        """The question put to a value that is no list."""
        if isinstance(value, tuple):
            return self._one_of(value)
        if not isinstance(value, str):
            return Q(Test(self.number, operator, value))
        # The index has the texts where the numbers are missing, and only their beginnings.
        is_text = Q(IsNull(self.number, rhs=True))
        return is_text & self._begins(operator, value) & Q(Test(self.text, operator, value))

    def _one_of(self, values: tuple[Scalar, ...]) -> Q:
        texts, numbers = texts_and_numbers(values)
        heads = {text[:HEAD] for text in texts}
        is_text = Q(IsNull(self.number, rhs=True))
        is_one_text = is_text & Q(OneOf(self.head, heads)) & Q(OneOf(self.text, texts))
        return Q(OneOf(self.number, numbers)) | is_one_text

    def _begins(self, operator: Operator, value: str) -> Q:
        """What an index can tell of the text that is looked for."""
        if operator not in {Operator.FOUND, Operator.LIKE}:
            return Q(Test(self.head, LOOSENED.get(operator, operator), value[:HEAD]))
        is_like = operator == Operator.LIKE
        prefix = plain_prefix_of(value)[:HEAD] if is_like else prefix_of(checked(value))
        if not prefix:
            return Q()
        since = Q(Test(self.head, Operator.GREATER_OR_EQUAL, prefix))
        end = _next_after(prefix)
        return since & Q(Test(self.head, Operator.LESS, end)) if end else since


def _next_after(prefix: str) -> str:
    """The first text after all that begin with `prefix`; empty if there is none."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return ""
    code = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if 0xD800 <= code <= 0xDFFF else code)
