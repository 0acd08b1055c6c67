"""Stop a rollout: no group opens any more, and its devices leave it.

To stop it is one row; the devices are taken out by whoever comes round (`stop_devices`), in
batches, until none is left. Who has begun is asked to leave, and the rollout is over when all have.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.aborting import abort
from deployments.cancelling import cancel_rows
from deployments.creating import subject
from deployments.events import SERVER
from deployments.finishing import UNPAUSED
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment, StatusEvent
from deployments.noticing import notice_end
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.rollouts.states import illegal
from deployments.rollouts.taking_over import hold_devices
from deployments.signals import DeploymentEvent, tell

BATCH = 250
STOPPED = SERVER + "the rollout was stopped"


def stop(*, actor: Actor, deployment: Deployment) -> None:
    """Have all its devices leave it; what was planned otherwise is aborted.

    Raises Forbidden, Conflict "rollout_illegal_state" if it is over (hawkBit: stop).
    """
    require_for(actor, CHANGE, deployment)
    if deployment.finished_at is not None:
        raise illegal("The rollout is over")
    if deployment.origin != Deployment.Origin.ROLLOUT:
        abort(actor=actor, deployment=deployment)
        return
    with transaction.atomic():
        if not mark_stopped(actor, deployment):
            raise illegal("The rollout is over, or is being stopped")
        record(actor, Action.ABORT, subject(deployment))


def stop_all(*, actor: Actor, release: int, organization_id: UUID) -> int:
    """Stop every rollout of a release, as is done with one that is no longer to be deployed."""
    rollouts = (
        Deployment.objects.active()
        .filter(
            organization=organization_id,
            release=release,
            origin=Deployment.Origin.ROLLOUT,
        )
        .exclude(stop=Deployment.Stop.FORCED)
    )
    stopped = 0
    for rollout in list(rollouts):
        with transaction.atomic():
            if mark_stopped(actor, rollout):
                record(actor, Action.ABORT, subject(rollout), {"release": "invalidated"})
                stopped += 1
    return stopped


def mark_stopped(actor: Actor, deployment: Deployment) -> bool:
    """In the caller's transaction; False if it is over, or its devices were told to leave it."""
    now = timezone.now()
    hold_places(deployment.number)
    facts = {
        "stop": Deployment.Stop.FORCED,
        # Of one that was stopped gracefully the first stop is its end.
        "stopped_at": deployment.stopped_at or now,
        "stopped_by": actor.name[:512],
        "modified_at": now,
        "modified_by": actor.name[:512],
        **UNPAUSED,
    }
    going = Deployment.objects.active().exclude(stop=Deployment.Stop.FORCED)
    first = {"stopped_at": Coalesce("stopped_at", now)}
    if not going.filter(number=deployment.number).update(**facts | first):
        return False
    for name, value in facts.items():
        setattr(deployment, name, value)
    return True


def stopped_ones() -> DeploymentQuerySet:
    """Those that were stopped and are not over yet."""
    return Deployment.objects.active().filter(
        origin=Deployment.Origin.ROLLOUT, stop=Deployment.Stop.FORCED
    )


def stop_devices(number: int) -> None:
    """Take its devices out, and end it if none is left; safe to be run by several at once.

    Those of one that was deleted are not waited for.
    """
    is_deleted = stopped_ones().filter(number=number, archived_at__isnull=False).exists()
    after: int | None = 0
    while after is not None:
        after = _batch(number, after, force=is_deleted)
    _finish(number)


@transaction.atomic
def _batch(number: int, after: int, *, force: bool) -> int | None:
    rows = DeviceDeployment.objects.unfinished().filter(deployment=number)
    if not force:
        refused = Q(Exists(_asked_since_stopped()), is_instructed=True)
        rows = rows.filter(~refused, cancel_requested_at__isnull=True)
    later = rows.filter(number__gt=after).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:BATCH])
    if numbers:
        these = DeviceDeployment.objects.filter(number__in=numbers)
        hold_devices(these)
        cancel_rows(these, now=timezone.now(), message=STOPPED, force=force)
    return numbers[-1] if len(numbers) == BATCH else None


def _asked_since_stopped() -> QuerySet[StatusEvent]:
    """Who has begun and refused to leave goes on, and is not asked again."""
    return StatusEvent.objects.filter(
        device_deployment=OuterRef("number"),
        kind=StatusEvent.Kind.CANCELING,
        at__gte=OuterRef("deployment__stopped_at"),
    )


@transaction.atomic
def _finish(number: int) -> None:
    now = timezone.now()
    hold_places(number)
    open_rows = DeviceDeployment.objects.unfinished().filter(deployment=OuterRef("number"))
    empty = stopped_ones().filter(~Exists(open_rows), number=number)
    if not empty.update(finished_at=now, aborted_at=now, **UNPAUSED):
        return
    deployment = Deployment.objects.get(number=number)
    notice_end(deployment, now)
    tell(deployment, DeploymentEvent.ABORTED, now)
