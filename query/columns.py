"""Fields that have a column of their own, as targets of the compiler."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, F, FloatField, Q, QuerySet
from django.db.models import Value as Literal
from django.db.models.expressions import Expression
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from query.comparisons import Test
from query.tree import Operator, Scalar, Unsupported, Value

NOTHING = Q(pk__in=[])
MILLISECOND = timedelta(milliseconds=1)
LOOKUPS = {
    Operator.LESS: LessThan,
    Operator.LESS_OR_EQUAL: LessThanOrEqual,
    Operator.GREATER: GreaterThan,
    Operator.GREATER_OR_EQUAL: GreaterThanOrEqual,
}


class TextColumn:
    """A text; an empty one counts as missing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def exists(self) -> Q:
        # True of no NULL either, as a text behind a reference may be.
        return Q(**{f"{self.name}__gt": ""})

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator in {Operator.EQUAL, Operator.IN}:
            return Q(**{f"{self.name}__in": [text for text in _texts(operator, value) if text]})
        if not isinstance(value, str):
            return NOTHING
        return self.exists() & Q(Test(F(self.name), operator, value))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [F(self.name)]


class TextValue:
    """A text that an expression comes to; an empty one counts as missing, as NULL does."""

    def __init__(self, key: Expression) -> None:
        self.key = key

    def exists(self) -> Q:
        return Q(IsNull(self.key, rhs=False)) & ~Q(Exact(self.key, ""))

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator in {Operator.EQUAL, Operator.IN}:
            wanted = [text for text in _texts(operator, value) if text]
            return Q(In(self.key, wanted)) if wanted else NOTHING
        if not isinstance(value, str):
            return NOTHING
        return self.exists() & Q(Test(self.key, operator, value))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [self.key]


class NumberColumn:
    """A number, or NULL."""

    def __init__(self, key: Expression | F) -> None:
        self.key = key

    def exists(self) -> Q:
        return Q(IsNull(self.key, rhs=False))

    def compare(self, operator: Operator, value: Value) -> Q:
        values = value if isinstance(value, tuple) else (value,)
        numbers = [_operand(each) for each in values if isinstance(each, int | float)]
        if operator in {Operator.EQUAL, Operator.IN}:
            return Q(In(self.key, numbers)) if numbers else NOTHING
        if len(numbers) != 1:
            return NOTHING
        return Q(LOOKUPS[operator](self.key, numbers[0]))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [self.key]


def _operand(number: float) -> Expression:
    """The number as a column of whole numbers can be compared with it.

    One beyond the databases' integers is the last of them, which no column comes near; one that is
    not whole stays so, where the column's own type would cut it.
    """
    if isinstance(number, float) and not number.is_integer():
        return Literal(number, FloatField())
    return Literal(int(max(-(2**63), min(2**63 - 1, number))), BigIntegerField())


class BooleanColumn:
    """True or false."""

    def __init__(self, key: Expression | F) -> None:
        self.key = key

    def exists(self) -> Q:
        return Q(IsNull(self.key, rhs=False))

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator not in {Operator.EQUAL, Operator.IN}:
            raise Unsupported("true and false can be equal, not more or less or like one another")
        values = value if isinstance(value, tuple) else (value,)
        wanted = [each for each in values if isinstance(each, bool)]
        return reduce(or_, (Q(Exact(self.key, each)) for each in wanted), NOTHING)

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [self.key]


class SetColumn:
    """Texts of other rows: what is asked holds if it does for one of them.

    `rows` are all of them, `owner` is their field that refers to the row they belong to, `name`
    their field with the text.
    """

    def __init__(self, rows: QuerySet[Any], owner: str, name: str) -> None:
        self.rows, self.owner, self.name = rows, owner, name

    def exists(self) -> Q:
        return Q(pk__in=self.rows.values(self.owner))

    def compare(self, operator: Operator, value: Value) -> Q:
        some = self.rows.filter(TextColumn(self.name).compare(operator, value))
        return Q(pk__in=some.values(self.owner))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("there is no order among several texts")


class IdColumn:
    """A UUID, known by its usual spelling."""

    def __init__(self, name: str) -> None:
        self.name = name

    def exists(self) -> Q:
        return Q(**{f"{self.name}__isnull": False})

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator not in {Operator.EQUAL, Operator.IN}:
            raise Unsupported("an id can be equal to another, not more or less or like one")
        ids = [uuid_of(text) for text in _texts(operator, value)]
        return Q(**{f"{self.name}__in": [id_ for id_ in ids if id_]})

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [F(self.name)]


class MomentColumn:
    """A time, said as text to the millisecond and compared as a time."""

    def __init__(self, key: Expression | F) -> None:
        self.key = key

    def exists(self) -> Q:
        return Q(IsNull(self.key, rhs=False))

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator == Operator.IN and isinstance(value, tuple):
            return reduce(or_, (self.compare(Operator.EQUAL, each) for each in value), NOTHING)
        moment = _moment(operator, value)
        after = moment + MILLISECOND
        match operator:
            case Operator.LESS:
                return Q(LessThan(self.key, moment))
            case Operator.LESS_OR_EQUAL:
                return Q(LessThan(self.key, after))
            case Operator.GREATER:
                return Q(GreaterThanOrEqual(self.key, after))
            case Operator.GREATER_OR_EQUAL:
                return Q(GreaterThanOrEqual(self.key, moment))
            case _:
                since = Q(GreaterThanOrEqual(self.key, moment))
                return since & Q(LessThan(self.key, after))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        return [self.key]


def _texts(operator: Operator, value: Value) -> list[str]:
    """What a single text may equal: a list never equals one."""
    if operator == Operator.EQUAL and isinstance(value, tuple):
        return []
    values: tuple[Scalar, ...] = value if isinstance(value, tuple) else (value,)
    return [each for each in values if isinstance(each, str)]


def uuid_of(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def _moment(operator: Operator, value: Value) -> datetime:
    if operator in {Operator.FOUND, Operator.LIKE}:
        raise Unsupported("a time can be before or after another, not like a pattern")
    return whole_moment(value)


def whole_moment(value: Value) -> datetime:
    """Whole milliseconds; a day alone is its beginning, and without a zone it is UTC.

    Raises Unsupported.
    """
    try:
        moment = datetime.fromisoformat(str(value))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        return min(whole, datetime.max.replace(tzinfo=UTC) - MILLISECOND)
    except (ValueError, OverflowError) as error:
        raise Unsupported(f"{str(value)[:64]!r} is not an RFC 3339 time") from error
