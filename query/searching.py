"""Several texts of a row as one, to look for a word in whatever its case."""

import string
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.db.models.sql.compiler import SQLCompiler

from query.columns import TextValue
from query.listing import Column, Kind
from query.tree import Comparison, Operator
from query.wildcards import pattern_of

NAME = "search"
_FOLDED = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Folded(Func):
    """A text with the letters A to Z made small, and no others: the same on each database."""

    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Any:
        text, params = compiler.compile(self.source_expressions[0])
        return f'lower(({text}) COLLATE "C")', [*params]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Any:
        text, params = compiler.compile(self.source_expressions[0])
        return f"lower({text})", [*params]


def search(help: str, *parts: str | Combinable) -> Column:  # noqa: A002
    """The column that words are looked for in: its parts as texts, in small letters."""
    texts = [Cast(part, TextField()) for part in parts]
    lines = [each for text in texts for each in (Value("\n"), text)]
    folded = Folded(Concat(*lines, output_field=TextField()))
    return Column(
        name=NAME,
        kind=Kind.TEXT,
        help=help,
        read=folded,
        target=TextValue(folded),
        is_shown=False,
        example="*edge*",
    )


def folded(text: str) -> str:
    """As `Folded` folds it in a database: what is compared with one is folded so."""
    return text.translate(_FOLDED)


def found_by(word: str) -> Comparison:
    """The rows in whose search column the word stands, in any case."""
    pattern = pattern_of(["", folded(word), ""])
    return Comparison((NAME,), Operator.LIKE, pattern)
