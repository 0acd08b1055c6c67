"""Which devices a search finds."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from api.carbonblack.bodies import member_object, read_query
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, unknown_criterion
from api.carbonblack.search.criteria import STATUS, all_of, read_search_criteria
from api.carbonblack.search.fields import fields_of
from api.carbonblack.search.meaning import meant
from api.carbonblack.search.reading import read
from api.carbonblack.search.words import DeviceStatus
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from query.compiling import compiled
from query.fiql.errors import Misread
from query.listing import Listing
from query.tree import All, Comparison, Condition, Operator

# The public client sends its whole search, pages and order included.
MEMBERS = frozenset({"criteria", "exclusions", "query", "rows", "start", "sort", "time_range"})
LIVE = Comparison((STATUS,), Operator.IN, (DeviceStatus.LIVE.value,))


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: a condition on `search.fields` of an organization."""

    fields: Listing
    condition: Condition

    def of(self, organization: Organization) -> DeviceQuerySet:
        condition = compiled(self.condition, self.fields.target_of)
        return Device.objects.of(organization).filter(condition)


def devices_found(
    organization: Organization, definition: dict[str, Any], path: str = "search_definition"
) -> DeviceQuerySet:
    """The devices that something is to be done with: `{criteria?, exclusions?, query?}`.

    Live ones, unless the criteria say a status. `path` is what errors call the definition. Raises
    Refused (400), for an empty list or null among the criteria as well, and for a key that no
    search has: misspelt criteria must not widen what is to be changed.
    """
    prefix = f"{path}." if path else ""
    if unknown := next((name for name in definition if name not in MEMBERS), None):
        raise unknown_criterion(prefix + unknown)
    return search_of(organization, definition, prefix, is_strict=True).of(organization)


def search_of(
    organization: Organization,
    definition: dict[str, Any],
    prefix: str = "",
    *,
    is_strict: bool = False,
) -> Search:
    """What the definition says; raises Refused (400)."""
    fields, now = fields_of(organization.pk), timezone.now()
    asked, excluded = (
        read_search_criteria(
            member_object(definition, name, prefix + name),
            fields,
            now,
            prefix + name,
            is_strict=is_strict,
        )
        for name in ("criteria", "exclusions")
    )
    asked.setdefault(STATUS, LIVE)
    query = query_condition(read_query(definition, f"{prefix}query"), fields)
    return Search(fields, All((all_of(asked, excluded), query)))


def query_condition(text: str, fields: Listing) -> Condition:
    """What the query says; raises Refused (400) with the position, which counts from 0."""
    try:
        return read(text, lambda term: meant(term, fields))
    except Misread as error:
        raise Refused(Code.INVALID_QUERY, error.message, [error.position]) from error
