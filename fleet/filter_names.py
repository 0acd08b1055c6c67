"""What `filter==name` stands for in an organization."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fleet.errors import Invalid
from fleet.languages import spoken_as
from fleet.listing.devices import DEVICES
from fleet.models import Language, Organization, SavedFilter
from fleet.term_words import from_terms
from query.fiql.errors import Misread, Unnamed, shortened
from query.fiql.expanding import expanded
from query.fiql.fields import NAMED
from query.fiql.parsing import Named, parse
from query.fiql.rendering import Unspeakable, render
from query.tree import Condition, Exists

# How many filters may refer to one another in a row.
DEEPEST = 5


def named_of(organization: Organization, *, now: datetime | None = None) -> Named:
    """What parsing asks for the saved filters of the organization; each is read once."""
    return FilterNames(organization.pk, now=now).condition


class FilterNames:
    """The saved filters by their names, as conditions and as texts; both raise Unnamed.

    `within` is the name of the filter that asks, if it is one.
    """

    def __init__(
        self,
        organization_id: UUID,
        *,
        now: datetime | None = None,
        within: str = "",
    ) -> None:
        self.organization_id = organization_id
        self.now = now or timezone.now()
        self.asked = [within] if within else []
        self.conditions: dict[str, Condition] = {}

    def condition(self, name: str) -> Condition:
        """What the filter asks, of the fields of the list of devices."""
        if name not in self.conditions:
            with self._asking(name):
                self.conditions[name] = self._condition(name)
        return self.conditions[name]

    def text(self, name: str) -> str:
        """The filter in FIQL, without references to others."""
        with self._asking(name):
            row = self._row(name)
            if row.language != Language.FIQL:
                what = f"The filter “{shortened(name)}” is not in FIQL: it cannot be written out"
                raise Unnamed(what)
            if row.query:
                return expanded(row.query, self.text)
            return render(from_terms(row.terms), DEVICES)

    def _condition(self, name: str) -> Condition:
        row = self._row(name)
        if row.language != Language.FIQL:
            organization = Organization(id=self.organization_id)
            spoken_as(row.language).condition(organization, row.query, now=self.now, field=NAMED)
            return Exists((NAMED, row.language, row.query, str(self.organization_id)))
        if row.query:
            return parse(row.query, DEVICES, now=self.now, named=self.condition)
        return from_terms(row.terms)

    def _row(self, name: str) -> SavedFilter:
        rows = SavedFilter.objects.filter(organization_id=self.organization_id)
        row = rows.filter(name=name).first()
        if row is None:
            raise Unnamed(f"There is no saved filter “{shortened(name)}”")
        return row

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """Not again while it is being asked for, and not too far down."""
        if name in self.asked:
            raise Unnamed(f"The filter “{shortened(name)}” refers to itself: {self._way(name)}")
        if len(self.asked) == DEEPEST:
            raise Unnamed(f"More than {DEEPEST} filters refer to one another: {self._way(name)}")
        self.asked.append(name)
        try:
            yield
        except (Misread, Unspeakable, Invalid) as error:
            raise Unnamed(f"The filter “{shortened(name)}” cannot be asked: {error}") from error
        finally:
            self.asked.pop()

    def _way(self, name: str) -> str:
        return " → ".join(shortened(each, 32) for each in [*self.asked, name])
