"""Where the fields of Carbon Black's device search are kept, as targets of the compiler."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from django.db.models import F, Q, TextField
from django.db.models import Value as Constant
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Coalesce, NullIf

from api.carbonblack.search.policies import groups_of, policy_id_of
from artifacts.versions import Fleet
from query.among import Among
from query.columns import NOTHING
from query.comparisons import Test
from query.compiling import EVERYTHING
from query.json_paths import JsonText
from query.searching import Folded, folded
from query.tree import Operator, Unsupported, Value
from query.wildcards import is_like

LARGEST = 2**31 - 1
_NUMBER = re.compile("0|[1-9][0-9]{0,9}")
NUMBER, ATTRIBUTES = F("number"), F("inventory__attributes")


class _Place:
    """What is always there, and not sorted by here."""

    def exists(self) -> Q:
        return EVERYTHING

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("there is no order among these")


class DeviceNumber(_Place):
    """The number of a device, asked for by its digits."""

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator == Operator.LIKE:
            return Q(Test(Cast(NUMBER, TextField()), operator, str(value)))
        numbers = map(number_of, _texts(value))
        return Q(Among(NUMBER, [each for each in numbers if each is not None]))


class PolicyNumber(_Place):
    """The number that a device's group has as a policy, asked for by its digits."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id

    def compare(self, operator: Operator, value: Value) -> Q:
        test = tester(operator, value)
        return Q(Among(F("group"), [name for name, number in self._numbers if test(number)]))

    @cached_property
    def _numbers(self) -> list[tuple[str, str]]:
        return [(name, str(policy_id_of(name))) for name in groups_of(self.organization_id)]


class Version(_Place):
    """The version that a device runs (`artifacts/versions.py`), whatever its case."""

    def __init__(self, organization_id: UUID) -> None:
        self.fleet = Fleet(organization_id)

    def exists(self) -> Q:
        return self.fleet.having(bool)

    def compare(self, operator: Operator, value: Value) -> Q:
        test = tester(operator, value)
        return self.fleet.having(lambda text: bool(text) and test(folded(text)))


class Words(_Place):
    """One or some of a few words, each with a condition of its own."""

    def __init__(self, rule: Callable[[str], Q]) -> None:
        self.rule = rule

    def compare(self, operator: Operator, value: Value) -> Q:
        # Each once: as many alternatives as somebody repeats a word are too deep for a database.
        return reduce(or_, map(self.rule, dict.fromkeys(_texts(value))), NOTHING)


def said(*attributes: tuple[str, str]) -> Folded:
    """The first of these attributes, each a scope and a name, that is a text: in small letters,
    empty where there is none.
    """
    texts = (NullIf(JsonText(ATTRIBUTES, each), Constant("")) for each in attributes)
    return Folded(Coalesce(*texts, Constant("", TextField())))


def tester(operator: Operator, value: Value) -> Callable[[str], bool]:
    """Whether a text is one of the values, or has the pattern."""
    if operator == Operator.LIKE:
        return lambda text: is_like(str(value), text)
    wanted = frozenset(_texts(value))
    return lambda text: text in wanted


def number_of(text: str) -> int | None:
    """The number of a device that is told so: its digits, and no zero in front."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        return None
    return int(text)


def _texts(value: Value) -> Iterable[str]:
    values = value if isinstance(value, tuple) else (value,)
    return (each for each in values if isinstance(each, str))
