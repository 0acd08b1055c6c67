"""A device, or somebody for it, agrees to what waits for that, or does not.

Source: hawkBit, user confirmation flow.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.actions import hold, hold_with_device
from deployments.events import NOTHING, SERVER, Kind, Said, note, note_each
from deployments.feedback import check_room
from deployments.models import DeviceDeployment
from deployments.reach import CHANGE
from deployments.standing import has_opened, waits_for_confirmation
from fleet import reach
from fleet.errors import Conflict, NotFound
from fleet.models import AutoConfirmation, Device

CONFIRMED = SERVER + "Assignment is confirmed"
DENIED = SERVER + "Assignment is denied"


def confirm(*, row: DeviceDeployment, said: Said = NOTHING, actor: Actor | None = None) -> None:
    """From now on the device is told to install it; without an actor the device itself says so.

    Raises Forbidden, Conflict "action_closed", NotFound "not_waiting_for_confirmation".
    """
    with transaction.atomic():
        waiting = _waiting(row, actor)
        DeviceDeployment.objects.filter(number=row.number).update(
            confirmed_at=timezone.now(), status_code=said.code
        )
        note(waiting, kind=Kind.RUNNING, said=_with(said, CONFIRMED))
        _record(actor, waiting, "confirm")


def deny(*, row: DeviceDeployment, said: Said = NOTHING, actor: Actor | None = None) -> None:
    """It goes on waiting; raises as `confirm` does, and LimitReached "status_limit"."""
    with transaction.atomic():
        waiting = _waiting(row, actor)
        check_room(waiting)
        DeviceDeployment.objects.filter(number=row.number).update(status_code=said.code)
        note(waiting, kind=Kind.WAITING_FOR_CONFIRMATION, said=_with(said, DENIED))
        _record(actor, waiting, "deny")


def confirm_waiting(device: Device, *, now: datetime) -> int:
    """Confirm all that waits there: the device confirms by itself now.

    In the transaction that made it do so; returns how many there were.
    """
    itself = AutoConfirmation.objects.get(device=device)
    rows = DeviceDeployment.objects.open().filter(
        device=device,
        phase__is_confirmation_required=True,
        confirmed_at__isnull=True,
        admitted_at__isnull=True,
        cancel_requested_at__isnull=True,
    )
    held = DeviceDeployment.objects.filter(number__in=hold(rows.filter(has_opened())))
    waiting = held.open().filter(confirmed_at__isnull=True)
    found = list(waiting.values_list("number", "state"))
    waiting.update(confirmed_at=now)
    note_each(found, kind=Kind.RUNNING, message=confirmed_by(itself))
    return len(found)


def confirmed_by(itself: AutoConfirmation) -> str:
    """What is said of a part that was confirmed so."""
    told = [f"Assignment automatically confirmed by initiator '{itself.initiator or 'n/a'}'."]
    told += [f"Remark: {itself.remark}"] if itself.remark else []
    return SERVER + "\n\n".join(told)


def _waiting(row: DeviceDeployment, actor: Actor | None) -> DeviceDeployment:
    """The row with its device, both locked, if it waits."""
    if actor is not None and row.device is not None:
        reach.require_for(actor, CHANGE, row.device)
    this = hold_with_device(row)
    if this.filter(is_open=False).exists():
        raise Conflict("action_closed", "The action is over")
    waits = this.filter(
        has_opened(), waits_for_confirmation(), cancel_requested_at__isnull=True
    ).select_related("device", "deployment")
    if (waiting := waits.first()) is None:
        raise NotFound("not_waiting_for_confirmation", "The action waits for no confirmation")
    return waiting


def _with(said: Said, otherwise: str) -> Said:
    """With a message of ours where there is none."""
    return said if said.messages else Said((otherwise,), said.code, said.device_time)


def _record(actor: Actor | None, row: DeviceDeployment, what: str) -> None:
    if actor is not None and row.device is not None:
        subject = Subject("device", row.device.id, row.device.name)
        record(actor, Action.UPDATE, subject, {"action": row.number, "what": what})
