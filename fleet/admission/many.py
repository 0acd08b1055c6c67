"""A person judges many devices at once."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.record import record_many
from fleet.admission.rows import REVOKED, lock_limit, room, subject_of, tell
from fleet.admission.verdict import ACTIONS, verdict
from fleet.bulk.outcomes import UNCHANGED, Outcome, each_once, outcomes_of
from fleet.errors import Invalid
from fleet.models import AuthSet, Device, Organization, SecurityToken
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within
from fleet.states import Admission

BATCH = 200


def set_status_of_many(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], status: str
) -> list[Outcome]:
    """Accept each device by its newest waiting key, or reject each with all its keys.

    With the keys goes its security token, if it has one.

    `status` is "accepted" or "rejected". A device out of the actor's reach counts as unknown.
    Runs in batches, a transaction each; the answer has an outcome for every id, in the order
    given. Raises Invalid("incorrect_status").
    """
    within = devices_within(actor, "fleet.change_device", organization)
    target = verdict(status)
    if target == Admission.PENDING:
        raise Invalid("incorrect_status", "many devices can be accepted or rejected")
    wanted = each_once(devices)
    codes: dict[UUID, str] = {}
    for start in range(0, len(wanted), BATCH):
        batch = within.filter(id__in=wanted[start : start + BATCH])
        codes |= _judge(actor, organization, batch, target)
    return outcomes_of(wanted, codes)


@transaction.atomic
def _judge(
    actor: Actor, organization: Organization, batch: DeviceQuerySet, target: Admission
) -> dict[UUID, str]:
    limit = lock_limit(organization) if target == Admission.ACCEPTED else None
    devices = list(batch.order_by("pk").select_for_update(no_key=True))
    codes = {device.id: _obstacle(device, target) for device in devices}
    free = [device for device in devices if not codes[device.id]]
    if limit is not None:
        kept = room(organization, limit)
        codes |= {device.id: "device_limit" for device in free[kept:]}
        free = free[:kept]
    if target == Admission.ACCEPTED:
        _accept(free)
    else:
        _reject(free)
    _mirror(free, target)
    record_many(actor, ACTIONS[target], map(subject_of, free), {"to": target})
    tell(actor, ACTIONS[target], free)
    return codes


def _obstacle(device: Device, target: Admission) -> str:
    if device.status == Admission.NOAUTH:
        return "no_key"
    if device.status == Admission.PREAUTHORIZED:
        return "preauthorized"
    return UNCHANGED if device.status == target else ""


def _accept(devices: Sequence[Device]) -> None:
    """Accept the newest pending key of each, failing that the newest rejected; and its token."""
    waiting = AuthSet.objects.filter(
        device__in=devices, status__in=[Admission.PENDING, Admission.REJECTED]
    ).values_list("status", "pk", "device_id")
    best = {device: pk for _status, pk, device in sorted(waiting, key=_preference)}
    AuthSet.objects.filter(pk__in=best.values()).update(status=Admission.ACCEPTED)
    SecurityToken.objects.filter(device__in=devices).update(status=Admission.ACCEPTED)


def _preference(row: tuple[str, int, int]) -> tuple[bool, int]:
    status, number, _device = row
    return status == Admission.PENDING, number


def _reject(devices: Sequence[Device]) -> None:
    """Reject the accepted key of each and those that wait."""
    standing = [Admission.ACCEPTED, Admission.PENDING]
    sets = AuthSet.objects.filter(device__in=devices, status__in=standing)
    sets.update(status=Admission.REJECTED, **REVOKED)
    SecurityToken.objects.filter(device__in=devices).update(status=Admission.REJECTED)


def _mirror(devices: Sequence[Device], target: Admission) -> None:
    """As each device now stands: one that has another key to come is still expected."""
    expected = frozenset[int]()
    if target == Admission.REJECTED:
        keys = AuthSet.objects.filter(device__in=devices, status=Admission.PREAUTHORIZED)
        expected = frozenset(keys.values_list("device_id", flat=True))
    for device in devices:
        device.status = Admission.PREAUTHORIZED if device.pk in expected else target
    for status in {device.status for device in devices}:
        numbers = [device.pk for device in devices if device.status == status]
        rows = Device.objects.filter(pk__in=numbers)
        rows.update(status=status, updated_at=timezone.now())
