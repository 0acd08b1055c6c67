"""Which version devices run: what one says itself, else that of the release it has installed.

A device's version is its inventory attribute `sensor_version`; else the version of the release
that its software names; else the software itself; "" where nothing is known. Source: Carbon
Black, sensor_version; Digi, firmware_version.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf, Substr

from artifacts.kits import offered_versions
from artifacts.models import Release
from fleet.models import Device, KitType
from fleet.models.device import DeviceQuerySet
from query.among import Among
from query.columns import NOTHING
from query.versions import version_key

LONGEST = 512

_INSTALLED = Release.objects.filter(
    organization=OuterRef("organization"), name=OuterRef("software"), deleted_at__isnull=True
).order_by()
# The version of a device, for querysets of devices: one look into an index for each row that is
# shown. Whoever looks for devices by their version asks `Fleet`.
VERSION = Coalesce(
    NullIf("sensor_version", Value("")),
    NullIf(Subquery(_INSTALLED.values("version")[:1]), Value("")),
    Substr("software", 1, LONGEST),
    Value(""),
)


class Known:
    """What the releases of an organization, or those `among` some names, make of software."""

    def __init__(self, organization_id: UUID, among: Iterable[str] | None = None) -> None:
        rows = Release.objects.of(organization_id).exclude(version="").order_by()
        if among is not None:
            rows = rows.filter(Among(F("name"), among))
        self._versions = dict(rows.values_list("name", "version"))

    def version_of(self, sensor_version: str, software: str) -> str:
        return sensor_version or self._versions.get(software) or software[:LONGEST]


def version_of(device: Device) -> str:
    """The version of one device; asks the database unless the device says it itself."""
    return versions_of_each([device])[0]


def versions_of_each(devices: Sequence[Device]) -> list[str]:
    """The version of each of these devices of one organization, in their order: one query."""
    asked = {each.software for each in devices if each.software and not each.sensor_version}
    known = Known(devices[0].organization_id, among=asked) if asked else None
    return [
        each.sensor_version or (known.version_of("", each.software) if known else "")
        for each in devices
    ]


def versions_of(organization_id: UUID, devices: DeviceQuerySet) -> set[str]:
    """The versions that there are among these devices of the organization, "" included."""
    known = Known(organization_id)
    return {known.version_of(*pair) for pair in _pairs(devices)}


class Fleet:
    """The versions of all devices of an organization, for as many questions as a query has.

    The first asks the database which versions there are: one walk over the devices.
    """

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id

    def having(self, test: Callable[[str], bool]) -> Q:
        """What is so of the devices whose version passes the test.

        Only for querysets of this organization's devices. Raises what the test raises.
        """
        return _saying(pair for pair, version in self._versions if test(version))

    @cached_property
    def _versions(self) -> list[tuple[tuple[str, str], str]]:
        known = Known(self.organization_id)
        pairs = _pairs(Device.objects.of(self.organization_id))
        return [(pair, known.version_of(*pair)) for pair in pairs]


def newest_versions(organization_id: UUID) -> dict[KitType, str]:
    """The highest version that a release which can be deployed brings to each kit."""
    found: dict[KitType, str] = {}
    for kit_type, version in offered_versions(organization_id):
        if version_key(version) > version_key(found.get(kit_type, "")):
            found[kit_type] = version
    return found


def outdated(organization_id: UUID) -> Q:
    """What is so of devices that run an older version than the newest of their kit.

    Of whom no version is known, or for whose kit there is no release, is not. Asks the database
    as `Fleet` does.
    """
    newest = newest_versions(organization_id)
    known = Known(organization_id)
    devices = Device.objects.of(organization_id).filter(kit_type__in=list(newest)).order_by()
    older: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    limits = {kit_type.value: version_key(version) for kit_type, version in newest.items()}
    rows = devices.values_list("kit_type", "sensor_version", "software").distinct()
    for kit_type, *pair in rows:
        version = known.version_of(*pair)
        if version and version_key(version) < limits[kit_type]:
            older[kit_type].append((pair[0], pair[1]))
    conditions = (Q(kit_type=kit_type) & _saying(pairs) for kit_type, pairs in older.items())
    return reduce(or_, conditions, NOTHING)


def _pairs(devices: DeviceQuerySet) -> Iterable[tuple[str, str]]:
    return devices.order_by().values_list("sensor_version", "software").distinct()


def _saying(pairs: Iterable[tuple[str, str]]) -> Q:
    """The devices that say one of these themselves, or nothing, but have such software."""
    said, named = set[str](), set[str]()
    for sensor_version, software in pairs:
        if sensor_version:
            said.add(sensor_version)
        else:
            named.add(software)
    condition = NOTHING
    if said:
        condition |= Q(Among(F("sensor_version"), said))
    if named:
        condition |= Q(Among(F("software"), named), sensor_version="")
    return condition
