"""A release goes out of use: nobody is given it from now on, and who was may be told to leave it.

Source: hawkBit, invalidate distribution set.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artifacts.models import Release
from artifacts.signals import Cancelation
from auditlog.actor import Actor
from deployments import aborting
from deployments.cancelling import cancel_rows
from deployments.events import SERVER
from deployments.models import (
    AutoAssignment,
    Deployment,
    DeploymentKit,
    DeviceDeployment,
    DeviceDeploymentQuerySet,
)
from deployments.parts import bringing, deployments_bringing
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
    return deployments_bringing([release.pk]).exists()


def withdraw(
    *, actor: Actor, release: Release, cancelation: Cancelation, cancels_rollouts: bool
) -> None:
    """In the caller's transaction; the actions are canceled by a job, in batches.

    A deployment that brings others to other devices goes on for those.
    """
    stop_assigning(actor=actor, release=release)
    if cancels_rollouts:
        stop_all(actor=actor, release=release.pk, organization_id=release.organization_id)
        planned = Deployment.objects.active().filter(release=release, origin=Deployment.Origin.PLAN)
        for deployment in planned:
            aborting.stop(actor, deployment, {"release": "invalidated"})
    is_for_some = DeploymentKit.objects.filter(
        release=release, deployment__release__isnull=True, deployment__finished_at__isnull=True
    )
    if cancelation != Cancelation.NONE or (cancels_rollouts and is_for_some.exists()):
        arguments = {
            "release": release.pk,
            "force": cancelation != Cancelation.SOFT,
            "only_own": cancelation == Cancelation.NONE,
        }
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
    rows = DeviceDeployment.objects.open().filter(
        Q(release=release) if job.arguments.get("only_own") else bringing([release])
    )
    after = (job.result or {"after": 0})["after"]
    while (last := _batch(job, rows, after, force=force)) is not None:
        after = last


@transaction.atomic
def _batch(job: Job, rows: DeviceDeploymentQuerySet, after: int, *, force: bool) -> int | None:
    numbers = list(
        rows.filter(number__gt=after).order_by("number").values_list("number", flat=True)[:BATCH]
    )
    if not numbers:
        return None
    these = DeviceDeployment.objects.filter(number__in=numbers)
    hold_devices(these)
    cancel_rows(these, now=timezone.now(), message=INVALIDATED, force=force)
    save_progress(job, 0, {"after": numbers[-1]})
    return numbers[-1]
