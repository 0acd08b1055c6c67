"""Fields that have a column of their own, as targets of the compiler."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.lookups import GreaterThanOrEqual, IsNull, LessThan

from query.comparisons import Test
from query.tree import Operator, Scalar, Unsupported, Value

NOTHING = Q(pk__in=[])
MILLISECOND = timedelta(milliseconds=1)


class TextColumn:
    """A text; an empty one counts as missing."""

    def __init__(self, name: str) -> None:
        self.name = name

    def exists(self) -> Q:
        return ~Q(**{self.name: ""})

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


class IdColumn:
    """A UUID, known by its usual spelling."""

    def __init__(self, name: str) -> None:
        self.name = name

    def exists(self) -> Q:
        return Q(**{f"{self.name}__isnull": False})

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator not in {Operator.EQUAL, Operator.IN}:
            raise Unsupported("an id can be equal to another, not more or less or like one")
        ids = [_uuid(text) for text in _texts(operator, value)]
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


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def _moment(operator: Operator, value: Value) -> datetime:
    """Whole milliseconds; a day alone is its beginning, and without a zone it is UTC."""
    if operator == Operator.FOUND:
        raise Unsupported("a time can be before or after another, not like a pattern")
    try:
        moment = datetime.fromisoformat(str(value))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        return min(whole, datetime.max.replace(tzinfo=UTC) - MILLISECOND)
    except (ValueError, OverflowError) as error:
        raise Unsupported(f"{str(value)[:64]!r} is not an RFC 3339 time") from error
