"""Devices that come to match the filter of an automatic assignment get its release, by sets.

Each gets it once: to whom it was ever given, by whatever deployment, it is not given again.
Source: hawkBit, auto assignment.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from deployments.events import Kind, note_each
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment, Phase
from deployments.parts import bringing, parts_in
from deployments.rollouts.devices import takes
from deployments.superseding import supersede
from fleet.conditions import matching_kept
from fleet.models import AutoConfirmation, Device
from fleet.models.device import DeviceQuerySet

BATCH = 500


def in_force() -> DeploymentQuerySet:
    """The automatic assignments that devices come to now."""
    return Deployment.objects.admitting().filter(
        origin=Deployment.Origin.AUTO_ASSIGNMENT, joining_closed_at__isnull=True
    )


def matching(deployment: Deployment) -> DeviceQuerySet:
    """The accepted devices that its filter takes and whose type takes the release.

    Raises Invalid where the filter cannot be asked any more.
    """
    organization = deployment.organization
    found = matching_kept(organization, deployment.filter or {}).order_by().values("number")
    devices = Device.objects.of(organization).accepted()
    if deployment.release is None:
        return devices.none()
    # Apart from what the filter joins: the rows are to be locked.
    return devices.filter(takes(deployment.release), number__in=found)


def newcomers(deployment: Deployment) -> DeviceQuerySet:
    """Those of them to whom the release was never given; raises what `matching` does."""
    had = DeviceDeployment.objects.filter(
        bringing([deployment.release_id or 0]), device=OuterRef("number")
    )
    return matching(deployment).filter(~Exists(had))


def assign_batch(number: int, *, after: int, among: Sequence[int] | None = None) -> int | None:
    """Give it to the next few behind the device of number `after`; the last of them, or None.

    With `among` only to devices of these numbers. A transaction of its own; whoever does it again
    finds nothing left to do.
    """
    deployment = in_force().filter(number=number).select_related("organization", "release").first()
    if deployment is None:
        return None
    wanted = newcomers(deployment).filter(number__gt=after)
    if among is not None:
        wanted = wanted.filter(number__in=among)
    numbers = list(wanted.order_by("number").values_list("number", flat=True)[:BATCH])
    if not numbers:
        return None
    with transaction.atomic():
        _give(deployment, numbers)
    return numbers[-1]


def _give(deployment: Deployment, numbers: Sequence[int]) -> None:
    """Read anew what holds of them, once nobody else can give them anything."""
    devices = Device.objects.filter(number__in=numbers).order_by("number")
    list(devices.select_for_update(no_key=True).values_list("number"))
    phase = Phase.objects.filter(deployment=deployment).select_for_update(no_key=True).first()
    held = in_force().filter(number=deployment.number).select_for_update(no_key=True)
    if phase is None or not held.exists():
        return
    still = newcomers(deployment).filter(number__in=numbers).order_by("number")
    take_in(deployment, phase.number, list(still), timezone.now())


def take_in(
    deployment: Deployment, phase: int, devices: Sequence[Device], now: datetime
) -> list[DeviceDeployment]:
    """Write their rows, in the transaction of who holds the devices, in order, and the phase."""
    if not devices:
        return []
    facts = {"phase_id": phase, "enlisted_at": now}
    rows = DeviceDeployment.objects.bulk_create(parts_in(deployment.number, devices, **facts))
    waiting = _waiting(phase, rows)
    message = f"Auto assignment: {(deployment.filter or {}).get('name', '')}"
    for kind, some in (
        (Kind.ASSIGNED, [row for row in rows if row.number not in waiting]),
        (Kind.WAITING_FOR_CONFIRMATION, [row for row in rows if row.number in waiting]),
    ):
        note_each(((row.number, row.state) for row in some), kind=kind, message=message)
    written = DeviceDeployment.objects.filter(number__in=[row.number for row in rows])
    supersede(written, now=now)
    Deployment.objects.filter(number=deployment.number).update(size=F("size") + len(rows))
    return rows


def _waiting(phase: int, rows: Sequence[DeviceDeployment]) -> set[int]:
    """The rows that are to be confirmed, and whose devices do not confirm by themselves."""
    if not Phase.objects.filter(number=phase, is_confirmation_required=True).exists():
        return set()
    devices = [row.device_id for row in rows]
    confirming = AutoConfirmation.objects.filter(device__in=devices)
    themselves = set(confirming.values_list("device", flat=True))
    return {row.number for row in rows if row.device_id not in themselves}
