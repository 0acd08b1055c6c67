"""Give the devices that failed one more round of attempts in the same deployment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.actions import hold
from deployments.creating import duplicate, subject
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, Phase
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.signals import DeploymentEvent, tell
from deployments.states import State
from fleet.errors import Conflict, Invalid
from fleet.models import Device
from jobs.models import Job
from jobs.queue import enqueue

BATCH = 2000
MAX_LISTED = 5000
RETRY = "retry_failed_devices"


@dataclass(frozen=True, slots=True)
class Retried:
    """`devices` wait again, the first BATCH of them at once, the rest as `job` comes to them.

    `left_behind` counts the others by reason: "newer_done" (it has been in a newer deployment and
    never goes back), "gone" (decommissioned), "not_failed" (listed, but it has not).
    """

    devices: int
    left_behind: dict[str, int]
    job: Job | None = None


def retry_failed(
    *, actor: Actor, deployment: Deployment, devices: Sequence[UUID] | None = None
) -> Retried:
    """Have the devices that failed wait again, all of them or those listed.

    What they did so far stays told; attempts are counted on. A finished deployment goes on, a
    paused one stays paused. Where only so many may be at it at once they wait their turn anew.
    Raises Forbidden, Invalid "too_many_devices", Conflict "deployment_aborted",
    "deployment_expired", "nothing_failed", or "duplicate_deployment" where an active one was made
    from the same parameters since.
    """
    require_for(actor, CHANGE, deployment)
    if devices is not None and len(devices) > MAX_LISTED:
        message = f"At most {MAX_LISTED} devices can be listed"
        raise Invalid("too_many_devices", message, field="devices")
    refs = None if devices is None else sorted({str(device) for device in devices})
    now = timezone.now()
    if deployment.aborted_at or deployment.stop:
        raise _aborted()
    if deployment.lets_nobody_begin(now):
        raise Conflict("deployment_expired", "The time of the deployment is over")
    found = _counted(_failed(deployment.number, refs, now), refs)
    if not found.devices:
        return found
    with transaction.atomic():
        last = retry_batch(deployment, refs=refs, before=now)
        told = {"retried": found.devices, "left_behind": found.left_behind}
        record(actor, Action.RETRY, subject(deployment), told)
        tell(deployment, DeploymentEvent.RETRIED, now)
        if last is None:
            return found
        rest = {"after": last, "before": now.isoformat(), "devices": refs}
        job = enqueue(
            RETRY,
            {"deployment": deployment.number, **rest},
            organization_id=deployment.organization_id,
            asked_by=actor.id,
        )
    return Retried(found.devices, found.left_behind, job)


def retry_batch(
    deployment: Deployment, *, before: datetime, refs: list[str] | None = None, after: int = 0
) -> int | None:
    """Up to BATCH of those that failed `before`, in one transaction; where to go on, or None.

    Whoever takes a device, or lets it in, locks it first and what it is in then: so do we.
    """
    failed = _failed(deployment.number, refs, before).filter(_is_able(), number__gt=after)
    rows = list(failed.order_by("number").values_list("number", "device")[:BATCH])
    with transaction.atomic():
        devices = Device.objects.filter(number__in=[device for _, device in rows])
        list(devices.select_for_update(no_key=True).order_by("number").values_list("number"))
        hold_places(deployment.number)
        _reopen(deployment)
        again = failed.filter(number__in=[number for number, _ in rows])
        if deployment.in_flight_limit is not None:
            _give_places_back(again)
        again.update(
            state=State.PENDING,
            substate="",
            is_open=True,
            finished_at=None,
            artifact=None,
            is_instructed=False,
            cause="",
            attempts_before=F("attempts"),
            cancel_requested_at=None,
            deleted_at=None,
        )
    return rows[-1][0] if len(rows) == BATCH else None


def _give_places_back(rows: DeviceDeploymentQuerySet) -> None:
    """They are let in like anybody else, once it is their turn; who is in a group stays in it."""
    let_in = rows.filter(number__in=hold(rows))
    by_clock = let_in.filter(phase__size__isnull=True).order_by()
    taken = by_clock.values_list("phase").annotate(devices=Count("*"))
    for phase, devices in list(taken):
        places = Phase.objects.filter(number=phase, quota__isnull=False)
        places.update(admitted=F("admitted") - devices)
    numbers = list(by_clock.values_list("number", flat=True))
    DeviceDeployment.objects.filter(number__in=numbers).update(phase=None)
    let_in.update(admitted_at=None)


def _failed(
    deployment_number: int, refs: list[str] | None, before: datetime
) -> DeviceDeploymentQuerySet:
    rows = DeviceDeployment.objects.filter(
        deployment=deployment_number, state=State.FAILURE, finished_at__lte=before
    )
    return rows if refs is None else rows.filter(device_ref__in=refs)


def _is_able() -> Q:
    return Q(~Exists(_newer()), device__isnull=False)


def _newer() -> DeviceDeploymentQuerySet:
    return DeviceDeployment.objects.asked().filter(
        device=OuterRef("device"), deployment__gt=OuterRef("deployment")
    )


def _counted(failed: DeviceDeploymentQuerySet, refs: list[str] | None) -> Retried:
    found = failed.aggregate(
        all=Count("number"),
        able=Count("number", filter=_is_able()),
        gone=Count("number", filter=Q(device__isnull=True)),
    )
    if not found["all"]:
        raise Conflict("nothing_failed", "No device that could be tried again has failed")
    left_behind = {
        "newer_done": found["all"] - found["able"] - found["gone"],
        "gone": found["gone"],
        "not_failed": 0 if refs is None else len(refs) - found["all"],
    }
    return Retried(found["able"], {why: count for why, count in left_behind.items() if count})


def _reopen(deployment: Deployment) -> None:
    """Hold the deployment, so that nobody takes it for finished, and make it active."""
    this = Deployment.objects.filter(number=deployment.number)
    held = this.select_for_update(no_key=True).values_list("aborted_at", "stop").get()
    if any(held):
        raise _aborted()
    try:
        with transaction.atomic():
            this.update(finished_at=None)
    except IntegrityError:
        raise duplicate(deployment) from None
    deployment.finished_at = None


def _aborted() -> Conflict:
    return Conflict("deployment_aborted", "Deployment aborted")
