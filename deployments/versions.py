"""Which software the fleet runs, by device type."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from deployments import charts
from deployments.charts import Drawing, Part
from fleet.models.device import DeviceQuerySet

TYPES = 6
# What is being rolled out stands out; of the others the most frequent is the deepest.
TINTS = ("d1", "d2", "d3")


@dataclass(frozen=True, slots=True)
class Version:
    """A software, how many run it, and its tint in the chart; no name is "not reported"."""

    name: str
    devices: int
    tint: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class TypeVersions:
    """A device type and the software its devices run; `others` counts what is not listed."""

    device_type: str
    devices: int
    versions: list[Version]
    others: int

    @property
    def bar(self) -> Drawing:
        parts = [Part(version.tint, version.devices) for version in self.versions]
        drawing = charts.bar([*parts, Part("other", self.others)], css="chart__")
        said = ", ".join(f"{v.devices:,} on {v.name or 'unknown'}" for v in self.versions)
        rest = f", {self.others:,} on others" if self.others else ""
        label = f"{self.device_type or 'no type'}: {said}{rest}"
        return Drawing(drawing.pieces, drawing.parts, label)


def versions_of(devices: DeviceQuerySet, *, wanted: set[str]) -> list[TypeVersions]:
    """The most frequent types with their versions, in one query."""
    rows = devices.order_by("device_type").values_list("device_type", "software")
    counted = rows.annotate(count=Count("number")).order_by("device_type", "-count", "software")
    found = [
        _type(device_type, [(software, count) for _type_, software, count in group], wanted)
        for device_type, group in groupby(counted, key=lambda row: row[0])
    ]
    return sorted(found, key=lambda each: -each.devices)[:TYPES]


def _type(device_type: str, counts: list[tuple[str, int]], wanted: set[str]) -> TypeVersions:
    total = sum(count for _, count in counts)
    new = [(name, count) for name, count in counts if name in wanted][:1]
    old = [each for each in counts if each not in new][: len(TINTS)]
    versions = [*_tinted(new, ["accent"]), *_tinted(old, TINTS)]
    return TypeVersions(
        device_type, total, versions, total - sum(version.devices for version in versions)
    )


def _tinted(counts: list[tuple[str, int]], tints: Iterable[str]) -> list[Version]:
    return [
        Version(name, count, tint, tint == "accent")
        for (name, count), tint in zip(counts, tints, strict=False)
    ]
