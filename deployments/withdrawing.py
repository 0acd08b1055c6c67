"""A release goes out of use: nobody is given it from now on, and who was may be told to leave it.

Source: hawkBit, invalidate distribution set.
"""

from django.db import transaction
from django.utils import timezone

from artifacts.models import Release
from artifacts.signals import Cancelation
from auditlog.actor import Actor
from deployments import aborting
from deployments.cancelling import cancel_rows
from deployments.events import SERVER
from deployments.models import AutoAssignment, Deployment, DeviceDeployment
from deployments.rollouts.stopping import stop_all
from deployments.rollouts.taking_over import hold_devices
from jobs.lease import save_progress
from jobs.models import Job
from jobs.queue import enqueue

WITHDRAW = "deployments.withdraw"
BATCH = 250
INVALIDATED = SERVER + "the distribution set was invalidated"


def has_been_given(release: Release) -> bool:
    """Whether there is, or was, a deployment of it."""
    return Deployment.objects.filter(release=release).exists()


def withdraw(
    *, actor: Actor, release: Release, cancelation: Cancelation, cancels_rollouts: bool
) -> None:
    """In the caller's transaction; the actions are canceled by a job, in batches."""
    stop_assigning(actor=actor, release=release)
    if cancels_rollouts:
        stop_all(actor=actor, release=release.pk, organization_id=release.organization_id)
        planned = Deployment.objects.active().filter(release=release, origin=Deployment.Origin.PLAN)
        for deployment in planned:
            aborting.stop(actor, deployment, {"release": "invalidated"})
    if cancelation != Cancelation.NONE:
        arguments = {"release": release.pk, "force": cancelation == Cancelation.FORCE}
        enqueue(WITHDRAW, arguments, organization_id=release.organization_id, asked_by=actor.id)


def stop_assigning(*, actor: Actor, release: Release) -> None:
    """No saved filter assigns it any more; who has been assigned it keeps it."""
    now = timezone.now()
    by_themselves = AutoAssignment.objects.filter(deployment__release=release)
    numbers = list(by_themselves.values_list("deployment", flat=True))
    closing = Deployment.objects.filter(number__in=numbers, joining_closed_at__isnull=True)
    closing.update(joining_closed_at=now, modified_at=now, modified_by=actor.name[:512])
    by_themselves.delete()


def cancel_all(job: Job) -> None:
    """Do a job of kind WITHDRAW, from where it was left."""
    release, force = job.arguments["release"], job.arguments["force"]
    after = (job.result or {"after": 0})["after"]
    while (last := _batch(job, release, after, force=force)) is not None:
        after = last


@transaction.atomic
def _batch(job: Job, release: int, after: int, *, force: bool) -> int | None:
    rows = DeviceDeployment.objects.open().filter(deployment__release=release, number__gt=after)
    numbers = list(rows.order_by("number").values_list("number", flat=True)[:BATCH])
    if not numbers:
        return None
    these = DeviceDeployment.objects.filter(number__in=numbers)
    hold_devices(these)
    cancel_rows(these, now=timezone.now(), message=INVALIDATED, force=force)
    save_progress(job, 0, {"after": numbers[-1]})
    return numbers[-1]
