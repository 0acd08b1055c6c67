"""Which versions a device has had: the one that it came with, then one for each update."""

from datetime import datetime
from typing import NamedTuple

from artifacts.models import Release
from artifacts.versions import version_of
from auditlog.models import Action, AuditEntry
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet
from deployments.states import State
from fleet.models import Device


class Installed(NamedTuple):
    """A version, empty if it is not known, and when it was installed."""

    at: datetime
    version: str


def installations_of(device: Device) -> list[Installed]:
    """The oldest first; there is always one, that which it was accepted with."""
    done = DeviceDeployment.objects.filter(
        device=device, state=State.SUCCESS, deployment__kind=Deployment.Kind.SOFTWARE
    )
    columns = ("release__version", "release__name", "deployment__release__version")
    rows = done.order_by("finished_at", "number").values_list(
        "finished_at", *columns, "deployment__release_name"
    )
    updates = [Installed(at, next(filter(None, texts), "")) for at, *texts in rows]
    return [Installed(_accepted_at(device), _first_version(device, done)), *updates]


def version_brought(row: DeviceDeployment) -> str:
    """The version that a row, read with its releases, brings its device; empty if it has none."""
    if row.release is not None:
        return release_version(row.release)
    return deployment_version(row.deployment)


def deployment_version(deployment: Deployment) -> str:
    """The version that a deployment brings to whoever gets no release of its own by it."""
    if deployment.kind == Deployment.Kind.CONFIGURATION:
        return ""
    release = deployment.release
    return deployment.release_name if release is None else release_version(release)


def release_version(release: Release) -> str:
    return release.version or release.name


def _first_version(device: Device, done: DeviceDeploymentQuerySet) -> str:
    """What it ran before the first of its updates, as far as anybody knew."""
    first = done.order_by("number").values_list("number", flat=True).first()
    if first is None and device.installed_at is None:
        return version_of(device)
    known = DeviceDeployment.objects.filter(device=device).exclude(version_before="")
    if first is not None:
        known = known.filter(number__lte=first)
    return known.order_by("number").values_list("version_before", flat=True).first() or ""


def _accepted_at(device: Device) -> datetime:
    """When it was first let in; one that came in with its registration never waited for that."""
    entries = AuditEntry.objects.of(device.organization_id).filter(
        object_kind="device", object_id=str(device.id), action=Action.ACCEPT
    )
    return entries.order_by("id").values_list("at", flat=True).first() or device.created_at
