"""Whom a deployment is for: the ids it lists, or the devices that are accepted at that moment."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from deployments.models import Deployment
from deployments.planning import Plan
from fleet.conditions import devices_matching, devices_of
from fleet.errors import Invalid
from fleet.models import Device, Organization, SavedFilter
from fleet.models.device import DeviceQuerySet
from fleet.texts import is_storable

MAX_REF = 256

# As given, and canonical where it is a UUID: ours are lower case, the caller's may not be.
Ref = tuple[str, str | None]

_IDS = {
    "postgresql": (
        "SELECT CAST(listed.id AS uuid) FROM jsonb_array_elements_text(CAST(%s AS jsonb))"
        " AS listed (id)"
    ),
    "sqlite": "SELECT replace(value, '-', '') FROM json_each(%s)",
}


@dataclass(frozen=True, slots=True)
class Targets:
    """`listed` has each id once, in order; None where a group, a filter, what matches `q` now, or
    everyone is meant."""

    organization: Organization
    group: str = ""
    listed: list[Ref] | None = None
    filter: SavedFilter | None = None
    q: str = ""

    def count(self) -> int:
        """How many rows there would be: ids that nobody has (yet) get one as well."""
        return self.devices().accepted().count() if self.listed is None else len(self.listed)

    def devices(self) -> DeviceQuerySet:
        """The organization's devices that are meant, accepted or not."""
        if self.filter is not None:
            return devices_of(self.organization, self.filter)
        devices = Device.objects.of(self.organization)
        if self.listed is not None:
            ids = json.dumps([text for _, text in self.listed if text])
            return devices.filter(id__in=RawSQL(_IDS[connection.vendor], [ids]))  # noqa: S611
        if self.q:
            return devices_matching(devices, self.organization, self.q)
        return devices.in_group(self.group) if self.group else devices

    def names(self) -> list[str]:
        """The listed ids, in whatever order and spelling they were given: the same for the same."""
        return sorted(text or given for given, text in self.listed or ())


def targets_of(organization: Organization, plan: Plan) -> Targets:
    """Read the plan.

    Raises Invalid "invalid_target", "invalid_group", "invalid_filter" or "invalid_device_id".
    """
    match plan.target:
        case Deployment.Target.FILTER:
            return Targets(organization, filter=_saved(organization, plan))
        case Deployment.Target.DEVICES if plan.q:
            if plan.device_refs:
                raise Invalid("invalid_target", "Name devices, or say q: not both", field="q")
            return Targets(organization, q=plan.q)
        case Deployment.Target.DEVICES:
            return Targets(organization, listed=refs(plan.device_refs))
        case Deployment.Target.GROUP:
            if not plan.group:
                raise Invalid("invalid_group", "Name the group", field="group")
            return Targets(organization, group=plan.group)
        case _:
            return Targets(organization)


def _saved(organization: Organization, plan: Plan) -> SavedFilter:
    saved = SavedFilter.objects.filter(organization=organization)
    found = saved.filter(id=plan.filter_id).first() if plan.filter_id else None
    if found is None:
        raise Invalid("invalid_filter", "There is no such filter", field="filter_id")
    return found


def refs(device_refs: tuple[str, ...]) -> list[Ref]:
    """The ids without repetitions, in order."""
    found: dict[str, Ref] = {}
    for given in device_refs:
        _check(given)
        text = canonical(given)
        found.setdefault(text or given, (given, text))
    return list(found.values())


def canonical(given: str) -> str | None:
    """The id as we write it, None if it is not a UUID in its usual form of 36 characters."""
    if len(given) != 36:
        return None
    try:
        text = str(UUID(given))
    except ValueError:
        return None
    return text if text == given.lower() else None


def _check(given: str) -> None:
    if not 1 <= len(given) <= MAX_REF:
        message = f"A device id has 1 to {MAX_REF} characters"
        raise Invalid("invalid_device_id", message, field="devices")
    if not is_storable(given):
        raise Invalid("invalid_device_id", "A device id is not plain text", field="devices")
