"""The part of a device in a deployment: as a row that has yet to be written, and what it brings."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from artifacts.models import Release
from artifacts.versions import version_of, versions_of_each
from deployments.models import Deployment, DeploymentKit, DeploymentQuerySet, DeviceDeployment
from fleet.models import Device

# Of querysets of parts: the number and the name of the release that the device is to get.
RELEASE = Coalesce(F("release"), F("deployment__release"))
RELEASE_NAME = Coalesce(F("release__name"), F("deployment__release_name"))


def part_in(number: int, device: Device, **facts: Any) -> DeviceDeployment:
    """A row of the device in a deployment, not yet saved."""
    return parts_in(number, [device], **facts)[0]


def parts_in(number: int, devices: Sequence[Device], **facts: Any) -> list[DeviceDeployment]:
    """A row of each of the devices, which are of one organization: one query for all of them."""
    versions = versions_of_each(devices)
    pairs = zip(devices, versions, strict=True)
    return [_part(number, device, version, facts) for device, version in pairs]


def parts_of(device: Device, numbers: Sequence[int], **facts: Any) -> list[DeviceDeployment]:
    """A row of the device in each of these deployments."""
    version = version_of(device) if numbers else ""
    return [_part(number, device, version, facts) for number in numbers]


def _part(number: int, device: Device, version: str, facts: dict[str, Any]) -> DeviceDeployment:
    return DeviceDeployment(
        deployment_id=number,
        device=device,
        device_ref=str(device.id),
        device_name=device.name,
        software_before=device.software,
        version_before=version,
        kit_type=device.kit_type,
        **facts,
    )


def bringing(releases: Iterable[int] | QuerySet[Release, Any]) -> Q:
    """What is so of the parts whose device is to get one of these, by their numbers.

    By the few deployments that bring them first: these are in indexes.
    """
    return Q(In(RELEASE, releases), deployment__in=deployments_bringing(releases).values("pk"))


def deployments_bringing(releases: Iterable[int] | QuerySet[Release, Any]) -> DeploymentQuerySet:
    """The deployments that bring one of these to all or to some of their devices."""
    kits = DeploymentKit.objects.filter(deployment=OuterRef("pk"), release__in=releases)
    found = Deployment.objects.order_by()
    return found.filter(Q(release__in=releases) | Q(Exists(kits)))
