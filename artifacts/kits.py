"""Which release brings a version to the devices of a sensor kit.

Source: Carbon Black, options.sensor_version.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from artifacts.completeness import is_complete, is_deployable, with_parts
from artifacts.models import Artifact, Fit, Release
from fleet.errors import Invalid
from fleet.kits import kit_types_of
from fleet.models import Device, KitType, SensorKit


class KitRelease(NamedTuple):
    """The release that brings `version` to the devices of a kit."""

    kit_type: KitType
    version: str
    release: Release


def releases_for_kits(organization_id: UUID, versions: Mapping[str, str]) -> list[KitRelease]:
    """The release for each kit type and version; of several that of the kit's product, else the
    newest.

    Raises Invalid "unknown_kit_type" (details: kit_type) and "unknown_version" (details: kit_type,
    version).
    """
    for kit_type in versions:
        if kit_type not in KitType.values:
            message = f"There is no sensor kit {kit_type}"
            raise Invalid("unknown_kit_type", message, details={"kit_type": kit_type})
    return [
        KitRelease(KitType(kit_type), version, _release(organization_id, kit_type, version))
        for kit_type, version in versions.items()
    ]


def unknown_version(kit_type: str, version: str) -> Invalid:
    """What to raise where nothing brings the version to the kit."""
    message = f"There is no version {version} of the sensor kit {kit_type}"
    details = {"kit_type": kit_type, "version": version}
    return Invalid("unknown_version", message, details=details)


def served_kits(organization_id: UUID, releases: set[int]) -> dict[int, set[str]]:
    """The kit types that each of these releases, by number, has artifacts for."""
    named = kit_types_of(organization_id)
    fits = Fit.objects.filter(release__in=releases).values_list("release", "device_type").distinct()
    by_type: defaultdict[str, set[int]] = defaultdict(set)
    for release, device_type in fits:
        by_type[device_type].add(release)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for device_type, kit_types in _kit_types(organization_id, by_type, named).items():
        for release in by_type[device_type]:
            found[release] |= kit_types
    return found


def offered_versions(organization_id: UUID) -> Iterator[tuple[KitType, str]]:
    """Each version that can be deployed to each kit; the same may come twice."""
    releases = Release.objects.of(organization_id).filter(invalidated_at__isnull=True)
    files = Artifact.objects.of(organization_id).order_by().values("release")
    with_files = releases.filter(number__in=files).values_list("number", "version", "name")
    versions = {number: version or name for number, version, name in with_files}
    for number, kit_types in served_kits(organization_id, set(versions)).items():
        yield from ((KitType(kit_type), versions[number]) for kit_type in kit_types)
    kits = SensorKit.objects.filter(organization=organization_id).exclude(product="")
    products = list(kits.values_list("kit_type", "product"))
    titled = with_parts(releases.filter(title__in=[product for _, product in products]))
    for release in titled:
        if release.modules.all() and is_complete(release):
            named = (kit_type for kit_type, product in products if product == release.title)
            yield from ((KitType(kit_type), release.version) for kit_type in named)


def _kit_types(
    organization_id: UUID, device_types: Mapping[str, object], named: Mapping[str, str]
) -> dict[str, set[str]]:
    """The kits of these types of devices: as they are named, and as their devices have them."""
    found: dict[str, set[str]] = {each: set() for each in device_types}
    for device_type in found.keys() & named.keys():
        found[device_type].add(named[device_type])
    devices = Device.objects.of(organization_id).filter(device_type__in=list(found))
    pairs = devices.order_by().values_list("device_type", "kit_type").distinct()
    for device_type, kit_type in pairs:
        found[device_type].add(kit_type)
    return {device_type: kits or {KitType.OTHER.value} for device_type, kits in found.items()}


def _release(organization_id: UUID, kit_type: str, version: str) -> Release:
    kits = SensorKit.objects.filter(organization=organization_id, kit_type=kit_type)
    product = kits.values_list("product", flat=True).first() or ""
    called = Q(version=version) | Q(version="", name=version)
    releases = Release.objects.of(organization_id).filter(called, invalidated_at__isnull=True)
    known = {release.number: release for release in releases}
    served = served_kits(organization_id, set(known))
    serving = [
        release
        for number, release in known.items()
        if (kit_type in served.get(number, ()) or (product and release.title == product))
        and is_deployable(release)
    ]
    if not serving:
        raise unknown_version(kit_type, version)
    return max(serving, key=lambda each: (bool(product) and each.title == product, each.number))
