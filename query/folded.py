"""Fields whose texts are compared whatever their case, as targets of the compiler.

What they are compared with is in small letters already (`query.searching.Folded`).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable, Expression
from django.db.models.lookups import In, IsNull

from query.columns import TextValue
from query.compiling import Target
from query.searching import Folded
from query.tree import Operator, Unsupported, Value


class FoldedText(TextValue):
    """A text, or an expression that comes to one; an empty one counts as missing."""

    def __init__(self, text: str | Combinable) -> None:
        super().__init__(Folded(F(text) if isinstance(text, str) else text))


Among = Callable[[QuerySet[Any]], Q]


def keyed(key: Expression | F) -> Among:
    """For what an expression names by its key: false, not NULL, where that names nothing."""

    def among(rows: QuerySet[Any]) -> Q:
        return Q(IsNull(key, rhs=False)) & Q(In(key, rows.order_by().values("pk").query))

    return among


class Related:
    """A field of another row that this one refers to, missing where there is none.

    `among` says what is so of whatever refers to one of some rows; `rows` are all that may be
    meant, `target` is where the field is in one of them.
    """

    def __init__(self, among: Among, rows: QuerySet[Any], target: Target) -> None:
        self.among, self.rows, self.target = among, rows, target

    def exists(self) -> Q:
        return self.among(self.rows.filter(self.target.exists()))

    def compare(self, operator: Operator, value: Value) -> Q:
        return self.among(self.rows.filter(self.target.compare(operator, value)))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("nothing is sorted by what it refers to")


class SomeOf:
    """A field of several other rows: what is asked holds if it does for one of them.

    `rows` are all of them, `owner` is their field that refers to the row they belong to.
    """

    def __init__(self, rows: QuerySet[Any], owner: str, target: Target) -> None:
        self.rows, self.owner, self.target = rows, owner, target

    def exists(self) -> Q:
        return Q(pk__in=self.rows.order_by().values(self.owner))

    def compare(self, operator: Operator, value: Value) -> Q:
        some = self.rows.filter(self.target.compare(operator, value))
        return Q(pk__in=some.order_by().values(self.owner))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("there is no order among several values")
