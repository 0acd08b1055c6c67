"""Where the fields of Carbon Black's device search are kept, as targets of the compiler."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import F, Q, TextField
from django.db.models import Value as Constant
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Coalesce, NullIf

from api.carbonblack.search.policies import groups_of, policy_id_of
from artifacts.versions import with_version
from query.among import Among
from query.columns import NOTHING
from query.comparisons import Test
from query.compiling import EVERYTHING
from query.json_paths import JsonText
from query.searching import Folded, folded
from query.tree import Operator, Unsupported, Value
from query.wildcards import is_like

LARGEST = 2**31 - 1
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
        numbers = (int(text) for text in _texts(value) if is_plain(text))
        return Q(Among(NUMBER, [each for each in numbers if each <= LARGEST]))


class PolicyNumber(_Place):
    """The number that a device's group has as a policy, asked for by its digits."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id

    def compare(self, operator: Operator, value: Value) -> Q:
        test = tester(operator, value)
        groups = groups_of(self.organization_id)
        return Q(Among(F("group"), [each for each in groups if test(str(policy_id_of(each)))]))


class Version(_Place):
    """The version that a device runs (`artifacts/versions.py`), whatever its case."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id

    def exists(self) -> Q:
        return with_version(self.organization_id, bool)

    def compare(self, operator: Operator, value: Value) -> Q:
        test = tester(operator, value)
        return with_version(self.organization_id, lambda text: bool(text) and test(folded(text)))


class Words(_Place):
    """One or some of a few words, each with a condition of its own."""

    def __init__(self, rule: Callable[[str], Q]) -> None:
        self.rule = rule

    def compare(self, operator: Operator, value: Value) -> Q:
        return reduce(or_, map(self.rule, _texts(value)), NOTHING)


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


def is_plain(text: str) -> bool:
    """Whether the text is a number as it is told: its digits, and no zero in front."""
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _texts(value: Value) -> Iterable[str]:
    values = value if isinstance(value, tuple) else (value,)
    return (each for each in values if isinstance(each, str))
