"""Devices by a condition: written in FIQL where it is asked, saved under a name, or kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils import timezone

from fleet.errors import Invalid
from fleet.filter_names import FilterNames, named_of
from fleet.filters import matching
from fleet.languages import devices_selected, spoken_as
from fleet.listing.devices import DEVICES
from fleet.models import Device, Language, Organization, SavedFilter
from fleet.models.device import DeviceQuerySet
from query.compiling import compiled
from query.fiql.errors import Misread, Unnamed
from query.fiql.expanding import EXPANDED, expanded
from query.fiql.parsing import parse
from query.fiql.sentences import LIMITS, Limits

LATER = timedelta(days=1)


def devices_matching(
    devices: DeviceQuerySet,
    organization: Organization,
    q: str,
    *,
    now: datetime | None = None,
    field: str = "q",
) -> DeviceQuerySet:
    """Those of `devices` that `q` selects; raises Invalid("invalid_filter") with the field.

    Its `details` have the position, what was found and what would have been accepted.
    """
    condition = Fiql().condition(organization, q, now=now or timezone.now(), field=field)
    return devices.filter(condition)


def devices_of(organization: Organization, saved: SavedFilter) -> DeviceQuerySet:
    """The organization's devices that the saved filter selects now.

    Raises Invalid("invalid_filter") if what it refers to has gone.
    """
    if not saved.query:
        return matching(organization, saved.terms)
    if saved.language != Language.FIQL:
        return devices_selected(organization, saved.query, saved.language, field="filter")
    devices = Device.objects.of(organization)
    return devices_matching(devices, organization, saved.query, field="filter")


def kept_of(saved: SavedFilter) -> dict[str, Any]:
    """A copy as JSON, which says the same whatever becomes of the filter and of others.

    Raises Invalid("invalid_filter"). What is not in FIQL says what it is in.
    """
    kept = {"id": str(saved.id), "name": saved.name, "terms": saved.terms}
    if not saved.query:
        return kept
    if saved.language != Language.FIQL:
        return kept | {"query": saved.query, "language": saved.language}
    names = FilterNames(saved.organization_id)
    return kept | {"query": written_out(saved.query, names, field="filter_id")}


def matching_kept(
    organization: Organization, kept: Mapping[str, Any], *, now: datetime | None = None
) -> DeviceQuerySet:
    """The organization's devices that a copy by `kept_of`, or an older one, selects."""
    if query := kept.get("query"):
        condition = spoken_as(language_of(kept)).condition(
            organization, query, now=now or timezone.now(), field="filter", limits=EXPANDED
        )
        return Device.objects.of(organization).filter(condition)
    return matching(organization, kept.get("terms", []))


def language_of(kept: Mapping[str, Any]) -> str:
    """What the query of a copy by `kept_of` is written in."""
    return str(kept.get("language", Language.FIQL))


def is_kept_moving(kept: Mapping[str, Any]) -> bool:
    """Whether the copy selects others as time goes by, even if nothing changes."""
    query = kept.get("query", "")
    return bool(query) and spoken_as(language_of(kept)).is_moving(query)


class Fiql:
    """Our own language, as `fleet.languages.Spoken` has it."""

    longest = EXPANDED.length

    def condition(
        self,
        organization: Organization,
        text: str,
        *,
        now: datetime,
        field: str,
        limits: Limits = LIMITS,
    ) -> Q:
        with misread_as_invalid(field):
            named = named_of(organization, now=now)
            condition = parse(text, DEVICES, now=now, named=named, limits=limits)
        return compiled(condition, DEVICES.target_of)

    def is_moving(self, text: str) -> bool:
        return is_moving(text)


def written_out(query: str, names: FilterNames, *, field: str) -> str:
    """The text without references, checked; raises Invalid("invalid_filter")."""
    with misread_as_invalid(field):
        parse(query, DEVICES, named=names.condition)
        try:
            text = expanded(query, names.text)
        except Unnamed as error:
            raise Invalid("invalid_filter", str(error), field=field) from error
        parse(text, DEVICES, limits=EXPANDED)
    return text


@lru_cache(maxsize=512)
def is_moving(text: str) -> bool:
    """Whether a text without references says something else as time goes by."""
    now = timezone.now()
    one, other = (parse(text, DEVICES, now=at, limits=EXPANDED) for at in (now, now + LATER))
    return one != other


@contextmanager
def misread_as_invalid(field: str) -> Iterator[None]:
    try:
        yield
    except Misread as error:
        details = {
            "position": error.position,
            "found": error.found,
            "expected": list(error.expected),
        }
        raise Invalid("invalid_filter", error.message, field=field, details=details) from error
