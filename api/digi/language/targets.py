"""Where fields are kept, as targets of the compiler.

The expressions are NULL where there is nothing. The language asks for one value at a time, and
never whether there is one.
"""

from uuid import UUID

from django.db.models import F, Q
from django.db.models.expressions import Combinable, Expression
from django.db.models.lookups import IsNull

from api.digi.language.attributes import SomeTag, TagText
from api.digi.language.matching import test_of_versions
from artifacts.versions import VERSION, Fleet
from query.columns import NOTHING
from query.comparisons import Test
from query.searching import Folded, folded
from query.tree import Comparison, Operator, Unsupported
from query.tree import Field as Path
from query.tree import Value as Wanted


class Present:
    """A number, or one of a few words."""

    def __init__(self, key: Combinable) -> None:
        self.key = key

    def exists(self) -> Q:
        return Q(IsNull(self.key, rhs=False))

    def compare(self, operator: Operator, value: Wanted) -> Q:
        if isinstance(value, tuple):
            raise Unsupported("several values at once")
        return Q(Test(self.key, operator, value))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("orders have keys of their own")


class Text(Present):
    """Compared whatever its case."""

    def __init__(self, text: Combinable) -> None:
        super().__init__(Folded(text))


class DeviceId(Text):
    """In Digi's spelling."""

    def compare(self, operator: Operator, value: Wanted) -> Q:
        if operator != Operator.EQUAL:
            return super().compare(operator, value)
        digits = str(value).replace("-", "")
        is_one = len(str(value)) == 35 and len(digits) == 32
        try:
            return Q(id=UUID(hex=digits)) if is_one else NOTHING
        except ValueError:
            return NOTHING


class Tags(Present):
    """The names of tags, with their values where they have any: one of them has to compare so."""

    def __init__(self, document: str, path: Path) -> None:
        super().__init__(F(document))
        self.document, self.path = document, path

    def compare(self, operator: Operator, value: Wanted) -> Q:
        if isinstance(value, tuple):
            raise Unsupported("several values at once")
        test = Test(Folded(TagText()), operator, value)
        return Q(SomeTag(self.document, self.path, test))


class Version(Present):
    """The versions that there are among the organization's devices are compared in memory."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(VERSION)
        self.fleet = fleet

    def compare(self, operator: Operator, value: Wanted) -> Q:
        test = test_of_versions(Comparison(("firmware_version",), operator, value))
        return self.fleet.having(lambda version: test(folded(version)))
