"""Devices by a condition in FIQL: written where it is asked, saved under a name, or kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from fleet.errors import Invalid
from fleet.filter_names import FilterNames, named_of
from fleet.filters import matching
from fleet.listing.devices import DEVICES
from fleet.models import Device, Organization, SavedFilter
from fleet.models.device import DeviceQuerySet
from query.compiling import compiled
from query.fiql.errors import Misread, Unnamed
from query.fiql.expanding import EXPANDED, expanded
from query.fiql.parsing import parse
from query.fiql.sentences import LIMITS, Limits

LATER = timedelta(days=1)


def devices_matching(
    devices: DeviceQuerySet, organization: Organization, q: str, *, now: datetime | None = None
) -> DeviceQuerySet:
    """Those of `devices` that `q` selects; raises Invalid("invalid_filter", field "q").

    Its `details` have the position, what was found and what would have been accepted.
    """
    return _selected(devices, organization, q, field="q", now=now)


def devices_of(organization: Organization, saved: SavedFilter) -> DeviceQuerySet:
    """The organization's devices that the saved filter selects now.

    Raises Invalid("invalid_filter") if what it refers to has gone.
    """
    if not saved.query:
        return matching(organization, saved.terms)
    return _selected(Device.objects.of(organization), organization, saved.query, field="filter")


def kept_of(saved: SavedFilter) -> dict[str, Any]:
    """A copy as JSON, which says the same whatever becomes of the filter and of others.

    Raises Invalid("invalid_filter").
    """
    kept = {"id": str(saved.id), "name": saved.name, "terms": saved.terms}
    if not saved.query:
        return kept
    names = FilterNames(saved.organization_id)
    return kept | {"query": written_out(saved.query, names, field="filter_id")}


def matching_kept(
    organization: Organization, kept: Mapping[str, Any], *, now: datetime | None = None
) -> DeviceQuerySet:
    """The organization's devices that a copy by `kept_of`, or an older one, selects."""
    if query := kept.get("query"):
        devices = Device.objects.of(organization)
        return _selected(devices, organization, query, field="filter", now=now, limits=EXPANDED)
    return matching(organization, kept.get("terms", []))


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


def _selected(
    devices: DeviceQuerySet,
    organization: Organization,
    text: str,
    *,
    field: str,
    now: datetime | None = None,
    limits: Limits = LIMITS,
) -> DeviceQuerySet:
    at = now or timezone.now()
    with misread_as_invalid(field):
        named = named_of(organization, now=at)
        condition = parse(text, DEVICES, now=at, named=named, limits=limits)
    return devices.filter(compiled(condition, DEVICES.target_of))
