"""A device reports what became of its instruction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.signals import device_deployment_ended
from deployments.states import FINAL, MOVES, OPEN, REPORTABLE, State
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Device
from fleet.texts import storable

MAX_SUBSTATE = 200

_REFUSALS = {
    State.ABORTED: ("deployment_aborted", "Deployment aborted"),
    State.DECOMMISSIONED: ("device_decommissioned", "Device decommissioned"),
    State.DOWNLOADED: ("nothing_offered", "There was nothing to install"),
    State.NO_ARTIFACT: ("nothing_offered", "There was nothing to install"),
}


def report(*, device: Device, deployment_id: UUID, state: State, substate: str | None) -> None:
    """Take the device's word, in whatever order it comes; what it says again changes nothing.

    A failure with attempts left puts the row back to waiting. A `substate` of None keeps the
    present one. Raises Invalid "invalid_state" or "invalid_substate", NotFound
    "not_in_deployment", Conflict "deployment_aborted", "device_decommissioned" or
    "nothing_offered" (Mender API, Update deployment status).
    """
    _check(state, substate)
    with transaction.atomic():
        row = part_of(device, deployment_id)
        if state is State.SUCCESS and row.state != State.SUCCESS:
            # Whoever takes a device away locks it first and its rows then: so do we.
            mirror(row, device)
        while not _take(row, state, substate):
            row = part_of(device, deployment_id)


def part_of(device: Device, deployment_id: UUID) -> DeviceDeployment:
    """The device's part in a deployment it was let into; raises NotFound "not_in_deployment".

    One that waits to be let in again is heard on what it did before.
    """
    rows = DeviceDeployment.objects.select_related("deployment", "release")
    row = rows.filter(
        Q(admitted_at__isnull=False) | Q(attempts__gt=0),
        device=device,
        deployment__id=deployment_id,
        deployment__organization=device.organization_id,
    ).first()
    if row is None:
        raise NotFound("not_in_deployment", "The device is not part of this deployment")
    return row


def _check(state: State, substate: str | None) -> None:
    if state not in REPORTABLE:
        raise Invalid("invalid_state", f"A device cannot report {state}", field="state")
    if substate is not None and len(substate) > MAX_SUBSTATE:
        message = f"A substate has at most {MAX_SUBSTATE} characters"
        raise Invalid("invalid_substate", message, field="substate")


def mirror(row: DeviceDeployment, device: Device, **more: Any) -> None:
    """Keep on the device what it has installed now, and `more` of its columns."""
    if row.deployment.kind == Deployment.Kind.SOFTWARE:
        now = timezone.now()
        Device.objects.filter(number=device.number).update(
            software=row.brings[1], installed_at=now, updated_at=now, **more
        )


def _take(row: DeviceDeployment, state: State, said: str | None) -> bool:
    """Write the report if it says anything new; False if the row changed since it was read."""
    if row.is_cut_off or row.is_canceling:
        raise _refusal(State.ABORTED)
    if state not in MOVES[State(row.state)]:
        raise _refusal(State(row.state))
    substate = row.substate if said is None else storable(said)
    if (row.state, row.substate) == (state, substate) or was_counted(row, state):
        return True
    if row.deployment.aborted_at:
        raise _refusal(State.ABORTED)
    target = State.PENDING if state is State.FAILURE and may_retry(row) else state
    said_now = {"message": substate} if said and substate else {}
    return move(row, target, substate, **said_now) and _note(row, target, state, substate)


def _refusal(state: State) -> Conflict:
    return Conflict(*_REFUSALS[state])


def may_retry(row: DeviceDeployment) -> bool:
    """Whether a failure is followed by one more attempt."""
    is_going = row.deployment.finished_at is None and not row.deployment.stop
    is_in_time = not row.deployment.lets_nobody_begin(timezone.now())
    is_active = is_going and is_in_time and row.cancel_requested_at is None
    begun = row.attempts - row.attempts_before
    return is_active and row.is_open and begun <= row.deployment.retries


def was_counted(row: DeviceDeployment, state: State) -> bool:
    """Whether this is the failure that already put the row back to waiting, said again."""
    return state is State.FAILURE and row.state == State.PENDING and not row.is_instructed


def move(row: DeviceDeployment, target: State, substate: str, **more: Any) -> bool:
    """Write the new state, and `more` columns, unless the row has changed since it was read."""
    # No join: PostgreSQL would check a row just changed by others against what it was before.
    as_read = DeviceDeployment.objects.filter(
        number=row.number,
        state=row.state,
        substate=row.substate,
        is_instructed=row.is_instructed,
        deployment__in=Deployment.objects.filter(aborted_at__isnull=True),
    )
    return bool(as_read.update(**_changes(row, target, substate, timezone.now()), **more))


def _changes(row: DeviceDeployment, target: State, substate: str, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": target, "substate": substate}
    if target is State.PENDING:
        # With no instruction standing the next call chooses anew: that is the next attempt.
        return changes | {"substate": "", "artifact": None, "is_instructed": False}
    changes |= {"is_open": target in OPEN, "finished_at": now if target in FINAL else None}
    return changes if row.started_at else changes | {"started_at": now}


def _note(row: DeviceDeployment, target: State, state: State, substate: str) -> bool:
    StatusEvent.objects.create(
        device_deployment=row, state=state, substate=substate, attempt=max(row.attempts, 1)
    )
    tell_end(row, target)
    return True


def tell_end(row: DeviceDeployment, target: State) -> None:
    """Tell the layers above what the device has come to, if that is the end of it."""
    if target in FINAL:
        device_deployment_ended.send(
            DeviceDeployment,
            device_deployment=row.number,
            deployment=row.deployment_id,
            organization_id=row.deployment.organization_id,
            state=target,
            at=timezone.now(),
        )
        close_after_commit(row.deployment_id)
