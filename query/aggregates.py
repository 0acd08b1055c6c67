"""What the rows of another table come to, for each row of a list: a number, or a list of texts."""

from typing import Any

from django.db.models import BigIntegerField, Count, F, JSONField, OuterRef, QuerySet, Sum
from django.db.models.expressions import Subquery
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, Any]


class Gathered(Subquery):
    """The texts in field `name` of those `rows` whose `owner` is this row, as a JSON list.

    Each once, sorted as the database sorts texts; an empty list where there are none.
    """

    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], owner: str, name: str) -> None:
        super().__init__(_of_row(rows, owner).values(gathered=F(name)).distinct().order_by(name))

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        template = "(SELECT COALESCE(jsonb_agg(gathered), '[]') FROM (%(subquery)s) AS found)"
        return super().as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> Sql:
        template = "(SELECT json_group_array(gathered) FROM (%(subquery)s) AS found)"
        return super().as_sql(compiler, connection, template=template)


def counted(rows: QuerySet[Any], owner: str) -> Coalesce:
    """How many of `rows` have this row as their `owner`."""
    return _aggregated(rows, owner, Count("pk"))


def summed(rows: QuerySet[Any], owner: str, name: str) -> Coalesce:
    """The sum of the whole numbers in field `name` of those rows."""
    return _aggregated(rows, owner, Sum(name))


def _aggregated(rows: QuerySet[Any], owner: str, sum_: Count | Sum) -> Coalesce:
    of_row = _of_row(rows, owner).order_by().values(owner)
    found = of_row.annotate(aggregated=sum_).values("aggregated")
    return Coalesce(Subquery(found), 0, output_field=BigIntegerField())


def _of_row(rows: QuerySet[Any], owner: str) -> QuerySet[Any]:
    return rows.filter(**{owner: OuterRef("pk")})
