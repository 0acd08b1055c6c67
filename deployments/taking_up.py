"""A device takes up a row: it is let in, or begins its next attempt, if all is as it was read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from deployments.candidates import Candidate, Judgement, Verdict
from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeviceDeployment
from deployments.places import hold_places, take_place
from deployments.signals import device_deployment_ended
from deployments.states import State
from fleet.models import Device


def carry_out(
    device: int,
    candidate: Candidate,
    judgement: Judgement,
    device_type: str,
    *,
    reread: Callable[[], Candidate | None],
) -> bool:
    """Write what was decided of the candidate of the device (by its number).

    `reread` gives the candidate as it is now, once nobody else can let the device in. False if
    things were no longer as they were read.
    """
    now = timezone.now()
    changes = _changes(judgement, now)
    with transaction.atomic():
        if candidate.is_admitted:
            return _go_on(candidate, changes)
        return _let_in(device, candidate, changes | {"device_type": device_type}, now, reread)


def _changes(judgement: Judgement, now: datetime) -> dict[str, Any]:
    if judgement.verdict is Verdict.FITS:
        return {
            "artifact": judgement.artifact_number,
            "attempts": F("attempts") + 1,
            "is_instructed": True,
        }
    has_it = judgement.verdict is Verdict.ALREADY_INSTALLED
    state = State.ALREADY_INSTALLED if has_it else State.NO_ARTIFACT
    return {"state": state, "is_open": False, "finished_at": now}


def _go_on(candidate: Candidate, changes: dict[str, Any]) -> bool:
    """Begin the next attempt, or end one that was never reported on."""
    rows = DeviceDeployment.objects.filter(
        number=candidate.number, state=candidate.state, is_instructed=candidate.is_instructed
    )
    if candidate.artifact is None:
        rows = rows.filter(artifact__isnull=True)
    return _written(candidate, rows, changes)


def _let_in(
    device: int,
    candidate: Candidate,
    changes: dict[str, Any],
    now: datetime,
    reread: Callable[[], Candidate | None],
) -> bool:
    """Let the device into the first open phase with room, if everything is as it was read.

    The device is locked, so that two of its calls cannot be let into two deployments.
    """
    Device.objects.select_for_update(no_key=True).filter(number=device).exists()
    if candidate.in_flight_limit is not None:
        # Who else is let in counts, or waits until we are.
        hold_places(candidate.deployment_number)
    if reread() != candidate:
        return False
    phase = take_place(candidate.deployment_number, now, group=candidate.phase_number)
    rows = DeviceDeployment.objects.filter(number=candidate.number, admitted_at__isnull=True)
    if phase and _written(candidate, rows, {**changes, "phase": phase, "admitted_at": now}):
        return True
    transaction.set_rollback(True)
    return False


def _written(
    candidate: Candidate, rows: QuerySet[DeviceDeployment], changes: dict[str, Any]
) -> bool:
    # A condition on the deployment must not become a join: PostgreSQL would check the rest of
    # a row that another transaction has just changed against what it was before.
    # Who holds an instruction is heard while the deployment is paused: it may have it by now.
    deployments = Deployment.objects
    standing = deployments.active() if candidate.stands else deployments.admitting()
    still = rows.filter(is_open=True, cancel_requested_at__isnull=True, deployment__in=standing)
    if not still.update(**changes):
        return False
    if "finished_at" in changes:
        device_deployment_ended.send(
            DeviceDeployment,
            device_deployment=candidate.number,
            deployment=candidate.deployment_number,
            organization_id=candidate.organization_id,
            state=changes["state"],
            at=changes["finished_at"],
        )
        close_after_commit(candidate.deployment_number)
    return True
