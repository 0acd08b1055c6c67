"""Locks on the rows of admission, and what follows from the states of a device's sets.

Locks are taken in one order, first the organization, then devices by number.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject
from fleet import identity as identities
from fleet.errors import LimitReached
from fleet.models import AuthSet, Device, Organization, SecurityToken
from fleet.signals import admission_changed
from fleet.states import Admission, best

# What an update of auth sets sets to make their tokens void.
REVOKED: dict[str, Any] = {"token_issued_at": None, "token_serial": F("token_serial") + 1}


def find_or_add(organization: Organization, identity: dict[str, Any]) -> tuple[Device | None, bool]:
    """The device of that identity, locked, and whether it is new.

    None if it was removed at this very moment.
    """
    fresh = Device(
        organization=organization,
        identity=identity,
        identity_digest=identities.digest(identity),
        name=identities.name_of(identity),
        controller_id=identities.controller_of(identity),
    )
    Device.objects.bulk_create([fresh], ignore_conflicts=True)
    known = Device.objects.of(organization).filter(identity_digest=fresh.identity_digest)
    device = known.select_for_update(no_key=True).first()
    return device, device is not None and device.id == fresh.id


def lock_device(number: int, *, to_remove: bool = False) -> Device | None:
    """The device as it is now, held against other admissions until the transaction ends."""
    return Device.objects.select_for_update(no_key=not to_remove).filter(pk=number).first()


def lock_limit(organization: Organization) -> int | None:
    """How many devices may be accepted, held against other admissions; None is any number.

    An organization without a limit is not locked, so that its devices do not queue.
    """
    row = Organization.objects.filter(pk=organization.pk).values_list("device_limit", flat=True)
    if row.get() is None:
        return None
    return row.select_for_update(no_key=True).get()


def room(organization: Organization, limit: int) -> int:
    """How many more devices may be accepted under that limit, once it is locked."""
    accepted = Device.objects.of(organization).filter(status=Admission.ACCEPTED)
    return max(0, limit - accepted.count())


def require_room(device: Device, target: Admission, limit: int | None) -> None:
    """Raise LimitReached if the device would be one accepted too many."""
    is_another = target == Admission.ACCEPTED != device.status
    if limit is not None and is_another and not room(device.organization, limit):
        raise LimitReached("device_limit", "maximum number of accepted devices reached")


def admit(device: Device, auth_set: AuthSet, limit: int | None) -> None:
    """Make this set the device's accepted one, in the other's place; raises LimitReached."""
    require_room(device, Admission.ACCEPTED, limit)
    others = AuthSet.objects.filter(device=device, status=Admission.ACCEPTED)
    others.exclude(pk=auth_set.pk).update(status=Admission.REJECTED, **REVOKED)
    AuthSet.objects.filter(pk=auth_set.pk).update(status=Admission.ACCEPTED)
    refresh(device)


def refresh(device: Device) -> None:
    """Mirror the best state of its sets on the device, which must be locked."""
    keys = AuthSet.objects.filter(device=device).values_list("status", flat=True)
    tokens = SecurityToken.objects.filter(device=device).values_list("status", flat=True)
    status = best({Admission(state) for state in {*keys.distinct(), *tokens}})
    if device.status != status:
        device.status, device.updated_at = status, timezone.now()
        device.save(update_fields=["status", "updated_at"])


def tell(
    actor: Actor, action: Action, devices: Sequence[Device], auth_set: AuthSet | None = None
) -> None:
    """Let the layers above know what became of devices of one organization."""
    if devices:
        admission_changed.send(
            sender=Device, devices=devices, action=action, auth_set=auth_set, actor=actor
        )


def subject_of(device: Device) -> Subject:
    return Subject("device", device.id, device.name)


def facts_of(device: Device, auth_set: AuthSet | None = None, **more: Any) -> dict[str, Any]:
    """What an audit entry keeps of a device, which may be gone when it is read."""
    facts = {"identity": identities.text_of(device.identity), **more}
    return facts if auth_set is None else {"auth_set": str(auth_set.id), **facts}
