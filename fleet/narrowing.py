"""The list of devices as its address says it: what is looked for, narrowed down and sorted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.db.models import Count, F, Q

from fleet.models.device import DeviceQuerySet
from fleet.monitoring import in_alarm
from fleet.states import Admission

SORTS = {
    "name": "name",
    "state": "status",
    "type": "device_type",
    "version": "software",
    "group": "group",
    "seen": "contact__seen_at",
    "first": "created_at",
}
FACETS = {"state": "status", "type": "device_type", "group": "group"}
FACET_SIZE = 12
PART_OF_AN_ID = re.compile(r"[0-9a-f-]{4,36}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet and how many devices have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """What the address asks for; unknown states and sorts are left out.

    `alarm` is "yes" for the devices of which a monitor says CRITICAL.
    """

    q: str = ""
    state: str = ""
    type: str = ""
    group: str = ""
    alarm: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        state, sort = values.get("state", ""), values.get("sort", "name")
        return cls(
            q=values.get("q", "").replace("\x00", "").strip()[:256],
            state=state if state in Admission.values else "",
            type=values.get("type", "").replace("\x00", "")[:256],
            group=values.get("group", "").replace("\x00", "")[:256],
            alarm="yes" if values.get("alarm") == "yes" else "",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.state or self.type or self.group or self.alarm)

    def apply(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        """The matching devices, unsorted."""
        if self.q:
            devices = devices.filter(_found(self.q))
        if self.alarm:
            devices = in_alarm(devices)
        for facet, column in FACETS.items():
            if wanted := getattr(self, facet):
                devices = devices.filter(**{column: wanted})
        return devices

    def sorted(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        """In the order asked for; who never called comes last whichever way it goes."""
        column = F(SORTS[self.sort.removeprefix("-")])
        order = column.desc(nulls_last=True) if self.sort[0] == "-" else column.asc(nulls_last=True)
        return devices.order_by(order, "number")

    def choices(self, devices: DeviceQuerySet, facet: str) -> list[Choice]:
        """The most frequent values of a facet among the devices that the other facets leave."""
        column = FACETS[facet]
        counts = (
            replace(self, **{facet: ""})
            .apply(devices)
            .exclude(**{column: ""})
            .order_by()
            .values_list(column)
            .annotate(count=Count("number"))
            .order_by("-count", column)[:FACET_SIZE]
        )
        return [Choice(value, count) for value, count in counts]


def _found(q: str) -> Q:
    found = Q(name__icontains=q) | Q(identity__icontains=q)
    if PART_OF_AN_ID.fullmatch(q):
        found |= Q(id__startswith=q)
    return found


def all_of(devices: DeviceQuerySet) -> dict[str, int]:
    """How many devices there are in each state."""
    counts = devices.order_by().values_list("status").annotate(count=Count("number"))
    return dict(counts)


def ids_of_names(devices: DeviceQuerySet, names: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the devices with these names; names that nobody has are left out."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(names), 500):
        rows = devices.filter(name__in=names[start : start + 500]).values_list("name", "id")
        for name, id_ in rows:
            found.setdefault(name, []).append(str(id_))
    return found
