"""Take back what a device is to do: it is asked to leave it, or it ends at once.

Who speaks Mender's language cannot be asked, and learns it from the answer to its next report.
Source: hawkBit, cancel and force quit of actions.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.actions import hold, hold_with_device
from deployments.events import SERVER, Kind, Said, note, note_each
from deployments.finishing import close_after_commit
from deployments.models import DeviceDeployment, DeviceDeploymentQuerySet
from deployments.reach import CHANGE
from deployments.standing import has_opened, is_active
from deployments.states import State
from fleet import reach
from fleet.errors import Conflict
from fleet.models import AuthSet, SecurityToken
from fleet.states import Admission

REQUESTED = SERVER + "manual cancelation requested"
# Of more deployments nobody waits to see which have ended: `close_complete` comes round.
FEW = 20
FORCED = SERVER + "A force quit has been performed."


def request_cancel(*, actor: Actor, row: DeviceDeployment) -> None:
    """Have the device leave it; raises Forbidden, Conflict "action_not_cancelable"."""
    with transaction.atomic():
        _require(actor, row)
        if not hold_with_device(row).filter(is_active(), cancel_requested_at__isnull=True).exists():
            raise _not_cancelable()
        cancel_rows(_this(row), now=timezone.now(), message=REQUESTED)
        _record(actor, row, "cancel")


def force_quit(*, actor: Actor, row: DeviceDeployment) -> None:
    """End what the device was asked to leave, without waiting for it to say so.

    Raises Forbidden, Conflict "action_not_force_quitable".
    """
    with transaction.atomic():
        _require(actor, row)
        if (
            not hold_with_device(row)
            .filter(is_active(), cancel_requested_at__isnull=False)
            .exists()
        ):
            message = "Only an action that is being canceled can be force quit"
            raise Conflict("action_not_force_quitable", message)
        cancel_rows(_this(row), now=timezone.now(), message=FORCED, force=True)
        _record(actor, row, "force quit")


def confirm_cancel(*, row: DeviceDeployment, said: Said) -> None:
    """The device has left it; raises Conflict "action_not_cancelable" if it was not asked to."""
    with transaction.atomic():
        asked = _asked_to_leave(row)
        _abort([asked.number], timezone.now())
        note(asked, state=State.ABORTED, said=said)
        _heed_code(asked, said)
        close_after_commit(asked.deployment_id)


def reject_cancel(*, row: DeviceDeployment, said: Said, failed: bool = False) -> None:
    """The device goes on with it, because it will not leave it or `failed` to.

    Raises Conflict "action_not_cancelable" if it was not asked to.
    """
    with transaction.atomic():
        asked = _asked_to_leave(row)
        _this(asked).update(cancel_requested_at=None)
        if failed:
            note(asked, state=State.FAILURE, said=said)
        else:
            note(asked, kind=Kind.CANCEL_REJECTED, said=said)
        _heed_code(asked, said)


def cancel_rows(
    rows: DeviceDeploymentQuerySet, *, now: datetime, message: str = "", force: bool = False
) -> int:
    """Take back the open ones of these rows, in the caller's transaction; returns how many.

    The caller holds their devices, in the order of their numbers. What has not begun, and what is
    of a device that cannot be asked, ends at once, and so does all of it by `force`.
    """
    held = DeviceDeployment.objects.filter(number__in=hold(rows.open()))
    undone = held.open() if force else held.open().filter(cancel_requested_at__isnull=True)
    ending = undone if force else undone.filter(_cannot_be_asked())
    ends = set(ending.values_list("number", flat=True))
    found = list(undone.order_by("number").values_list("number", "deployment", "state"))
    asked = [(number, state) for number, _, state in found if number not in ends]
    _abort(sorted(ends), now)
    asking = DeviceDeployment.objects.filter(number__in=[number for number, _ in asked])
    asking.update(cancel_requested_at=now)
    note_each(((number, State.ABORTED) for number in sorted(ends)), message=message)
    note_each(asked, kind=Kind.CANCELING, message=message)
    touched = sorted({deployment for number, deployment, _ in found if number in ends})
    for deployment in touched if len(touched) <= FEW else ():
        close_after_commit(deployment)
    return len(found)


def _abort(numbers: list[int], now: datetime) -> None:
    rows = DeviceDeployment.objects.open().filter(number__in=numbers)
    rows.update(state=State.ABORTED, is_open=False, finished_at=now)


def _cannot_be_asked() -> Q:
    """What is so of rows that end at once: their devices know no such question, or not of them.

    Who has no security token speaks Mender's, if it is let in (again).
    """
    keys = AuthSet.objects.filter(device=OuterRef("device"), status=Admission.ACCEPTED)
    tokens = SecurityToken.objects.filter(device=OuterRef("device"))
    return Q(Exists(keys)) | ~Q(Exists(tokens)) | Q(device__isnull=True) | ~has_opened()


def _require(actor: Actor, row: DeviceDeployment) -> None:
    if row.device is None:
        raise _not_cancelable()
    reach.require_for(actor, CHANGE, row.device)


def _this(row: DeviceDeployment) -> DeviceDeploymentQuerySet:
    return DeviceDeployment.objects.filter(number=row.number)


def _asked_to_leave(row: DeviceDeployment) -> DeviceDeployment:
    asked = hold_with_device(row).filter(is_active(), cancel_requested_at__isnull=False).first()
    if asked is None:
        raise _not_cancelable()
    return asked


def _heed_code(row: DeviceDeployment, said: Said) -> None:
    _this(row).update(status_code=said.code)


def _not_cancelable() -> Conflict:
    return Conflict("action_not_cancelable", "Only an active action can be canceled, and once")


def _record(actor: Actor, row: DeviceDeployment, what: str) -> None:
    device = row.device
    if device is not None:
        subject = Subject("device", device.id, device.name)
        change = {"action": row.number, "release": row.brings[1], "what": what}
        record(actor, Action.ABORT, subject, change)
