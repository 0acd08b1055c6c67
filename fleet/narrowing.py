"""The list of devices as its address says it: what is looked for, narrowed down and sorted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db.models import Count

from fleet.listing.devices import DEVICES
from fleet.models.device import DeviceQuerySet
from fleet.states import Admission
from query.compiling import compiled
from query.fiql.composing import joined
from query.fiql.errors import Misread
from query.fiql.parsing import Named, parse
from query.fiql.rendering import render
from query.fiql.sentences import LIMITS
from query.searching import found_by
from query.tree import All, Comparison, Condition, Operator

# The columns of the table, and what they are in the listing.
SORTS = {
    "name": "name",
    "state": "status",
    "type": "device_type",
    "version": "software",
    "group": "group",
    "seen": "seen_at",
    "first": "created_at",
}
FACETS = {"state": "status", "type": "device_type", "group": "group"}
FACET_SIZE = 12
BEGINNING_OF_AN_ID = re.compile(r"[0-9a-f]{4,8}|[0-9a-f]{8}-[0-9a-f-]{0,27}", re.IGNORECASE)
MOST_IDS = 20
# So many are remembered by their numbers.
FEW = 1_000
_OF_FIQL = re.compile(r"[=!<>]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet and how many devices have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """What the address asks for; unknown states and sorts are left out.

    `q` is a condition in FIQL, or a word to find devices by. `alarm` is "yes" for the devices of
    which a monitor says CRITICAL.
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
            q=values.get("q", "").replace("\x00", "").strip()[: LIMITS.length + 1],
            state=state if state in Admission.values else "",
            type=values.get("type", "").replace("\x00", "")[:256],
            group=values.get("group", "").replace("\x00", "")[:256],
            alarm="yes" if values.get("alarm") == "yes" else "",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.state or self.type or self.group or self.alarm)

    @property
    def is_word(self) -> bool:
        return bool(self.q) and not _OF_FIQL.search(self.q)

    @property
    def alone(self) -> str:
        """What is looked for, where no facet says anything besides."""
        return "" if self.chosen else self.q

    @property
    def sort_in_listing(self) -> str:
        """The same order as the listing calls it."""
        sign = "-" if self.sort[0] == "-" else ""
        return sign + SORTS[self.sort.removeprefix("-")]

    @property
    def chosen(self) -> dict[str, Condition]:
        """What the facets say, by their names."""
        said = {name: getattr(self, name) for name in FACETS}
        found: dict[str, Condition] = {
            name: Comparison((FACETS[name],), Operator.EQUAL, value)
            for name, value in said.items()
            if value
        }
        if self.alarm:
            found["alarm"] = Comparison(("in_alarm",), Operator.EQUAL, value=True)
        return found


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A DeviceFilter that was read: `text` is its `q` in FIQL, `looked_for` what that means.

    Where `q` cannot be read, `problem` says so and no device is found.
    """

    wanted: DeviceFilter
    text: str
    looked_for: Condition
    problem: Misread | None = None

    @property
    def fiql(self) -> str:
        """All of it as a condition, facets included."""
        return joined(self.text, *(render(each, DEVICES) for each in self.wanted.chosen.values()))

    def apply(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        """The matching devices, unsorted."""
        return self.faceted(self._found(devices))

    def looked_up(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        """Those that `q` finds, for several questions: few of them are looked for only once."""
        if not self.text:
            return self._found(devices)
        found = self._found(devices).order_by().values_list("number", flat=True)
        numbers = list(found[: FEW + 1])
        return devices.filter(number__in=numbers) if len(numbers) <= FEW else self._found(devices)

    def faceted(self, devices: DeviceQuerySet, *, without: str = "") -> DeviceQuerySet:
        """Those of which the facets hold; `without` names one to leave out."""
        chosen = (each for name, each in self.wanted.chosen.items() if name != without)
        return devices.filter(compiled(All(tuple(chosen)), DEVICES.target_of))

    def choices(self, devices: DeviceQuerySet, facet: str) -> list[Choice]:
        """The most frequent values of a facet among the devices that the other facets leave."""
        column = FACETS[facet]
        counts = (
            self.faceted(devices, without=facet)
            .exclude(**{column: ""})
            .order_by()
            .values_list(column)
            .annotate(count=Count("number"))
            .order_by("-count", column)[:FACET_SIZE]
        )
        return [Choice(value, count) for value, count in counts]

    def _found(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        if self.problem:
            return devices.none()
        return devices.filter(compiled(self.looked_for, DEVICES.target_of))


def narrowed(wanted: DeviceFilter, devices: DeviceQuerySet, named: Named) -> Narrowing:
    """Read what is wanted of these devices; `named` gives what saved filters say."""
    text = _word(wanted.q, devices) if wanted.is_word else wanted.q
    everything = All(())
    try:
        looked_for = parse(text, DEVICES, named=named) if text else everything
    except Misread as error:
        return Narrowing(wanted, "", everything, error)
    return Narrowing(wanted, text, looked_for)


def _word(word: str, devices: DeviceQuerySet) -> str:
    """What finds devices by a word: in name or identity, or because their id begins with it."""
    said = [render(found_by(word), DEVICES)]
    if BEGINNING_OF_AN_ID.fullmatch(word):
        said += [f"id=={id_}" for id_ in _ids_beginning(word.lower(), devices)]
    return ",".join(said)


def _ids_beginning(start: str, devices: DeviceQuerySet) -> list[UUID]:
    bare = start.replace("-", "")
    if len(bare) > 32 or not str(UUID(bare.ljust(32, "0"))).startswith(start):
        return []
    first, last = (UUID(bare.ljust(32, filler)) for filler in "0f")
    found = devices.filter(id__gte=first, id__lte=last).order_by("id")
    return list(found.values_list("id", flat=True)[:MOST_IDS])


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
