"""A device reports what became of its instruction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
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
            _mirror(row, device)
        while not _take(row, state, substate):
            row = part_of(device, deployment_id)


def part_of(device: Device, deployment_id: UUID) -> DeviceDeployment:
    """The device's part in a deployment it was let into; raises NotFound "not_in_deployment"."""
    rows = DeviceDeployment.objects.asked().select_related("deployment")
    row = rows.filter(
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


def _mirror(row: DeviceDeployment, device: Device) -> None:
    if row.deployment.kind == Deployment.Kind.SOFTWARE:
        Device.objects.filter(number=device.number).update(
            software=row.deployment.release_name, updated_at=timezone.now()
        )


def _take(row: DeviceDeployment, state: State, said: str | None) -> bool:
    """Write the report if it says anything new; False if the row changed since it was read."""
    if row.is_open and row.deployment.aborted_at:
        raise _refusal(State.ABORTED)
    if state not in MOVES[State(row.state)]:
        raise _refusal(State(row.state))
    substate = row.substate if said is None else storable(said)
    if (row.state, row.substate) == (state, substate) or _was_counted(row, state):
        return True
    if row.deployment.aborted_at:
        raise _refusal(State.ABORTED)
    target = State.PENDING if state is State.FAILURE and _may_retry(row) else state
    return _move(row, target, substate) and _note(row, target, state, substate)


def _refusal(state: State) -> Conflict:
    return Conflict(*_REFUSALS[state])


def _may_retry(row: DeviceDeployment) -> bool:
    is_active = row.deployment.finished_at is None
    begun = row.attempts - row.attempts_before
    return is_active and row.is_open and begun <= row.deployment.retries


def _was_counted(row: DeviceDeployment, state: State) -> bool:
    """Whether this is the failure that already put the row back to waiting, said again."""
    return state is State.FAILURE and row.state == State.PENDING and not row.is_instructed


def _move(row: DeviceDeployment, target: State, substate: str) -> bool:
    # No join: PostgreSQL would check a row just changed by others against what it was before.
    as_read = DeviceDeployment.objects.filter(
        number=row.number,
        state=row.state,
        substate=row.substate,
        is_instructed=row.is_instructed,
        deployment__in=Deployment.objects.filter(aborted_at__isnull=True),
    )
    return bool(as_read.update(**_changes(row, target, substate, timezone.now())))


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
    return True
