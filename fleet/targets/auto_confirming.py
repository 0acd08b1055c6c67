"""A device that confirms by itself whatever is assigned to it (hawkBit: auto-confirm)."""

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import lock_device, subject_of
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import AutoConfirmation, Device
from fleet.reach import require_for
from fleet.signals import auto_confirmation_activated
from fleet.texts import is_storable

LENGTH = 512


@transaction.atomic
def activate(
    *, actor: Actor, device: Device, initiator: str = "", remark: str = ""
) -> AutoConfirmation:
    """From now on, and for all that waits: the layers above are told.

    The device itself needs no permission. Raises Conflict("auto_confirmation_active"),
    Invalid("auto_confirmation_invalid"), NotFound("device_not_found").
    """
    for field, text in (("initiator", initiator), ("remark", remark)):
        if len(text) > LENGTH or not is_storable(text):
            message = f"{field} size must be at most {LENGTH} characters"
            raise Invalid("auto_confirmation_invalid", message, field=field)
    locked = _locked(actor, device)
    if AutoConfirmation.objects.filter(device=locked).exists():
        message = f"Auto confirmation is already active for target {locked.controller_id}"
        raise Conflict("auto_confirmation_active", message)
    row = AutoConfirmation.objects.create(device=locked, initiator=initiator, remark=remark)
    record(
        actor,
        Action.UPDATE,
        subject_of(locked),
        {"auto_confirmation": [None, initiator or actor.name]},
    )
    auto_confirmation_activated.send(sender=Device, device=locked, actor=actor)
    return row


@transaction.atomic
def deactivate(*, actor: Actor, device: Device) -> None:
    """One that is not active stays so. Raises NotFound("device_not_found")."""
    locked = _locked(actor, device)
    gone, _ = AutoConfirmation.objects.filter(device=locked).delete()
    if gone:
        record(actor, Action.UPDATE, subject_of(locked), {"auto_confirmation": None})


def _locked(actor: Actor, device: Device) -> Device:
    locked = lock_device(device.pk)
    if locked is None:
        raise NotFound("device_not_found", "There is no such device.")
    if actor.id != str(locked.id):
        require_for(actor, "fleet.change_device", locked)
    return locked
