"""Start a rollout: its first group opens."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from auditlog.actor import Actor, system
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.models import Deployment, DeploymentQuerySet, Phase
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.rollouts.evaluating import groups_of, held_rollout, take
from deployments.rollouts.judging import failed_group, next_step
from deployments.rollouts.opening import take_scheduled
from deployments.rollouts.states import illegal
from fleet.errors import Conflict

_MAY_START = Q(approval__in=["", Deployment.Approval.APPROVED])


def start(*, actor: Actor, deployment: Deployment) -> None:
    """Start it now, whenever it was to.

    Raises Forbidden, Conflict "rollout_illegal_state" unless it is ready (hawkBit: start).
    """
    require_for(actor, CHANGE, deployment)
    with transaction.atomic():
        if not _begin(deployment.number, actor, timezone.now()):
            raise illegal("Only a rollout that is ready can be started")
    deployment.refresh_from_db()


def due(now: datetime) -> list[int]:
    """The numbers of those whose time has come."""
    rollouts = waiting().filter(_MAY_START, start_at__lte=now, paused_at__isnull=True)
    return list(rollouts.values_list("number", flat=True))


def start_due(number: int) -> bool:
    """Start it as its time has come; False if somebody else has, or it may not any more."""
    now = timezone.now()
    rollout = waiting().filter(start_at__lte=now, number=number).first()
    return rollout is not None and _begin(number, system(rollout.organization_id), now)


def waiting() -> DeploymentQuerySet:
    """The rollouts under way of which no group has been opened."""
    return unopened().filter(stopped_at__isnull=True)


def unopened() -> DeploymentQuerySet:
    """The rollouts of which no group has been opened, stopped or not."""
    opened = Phase.objects.filter(deployment=OuterRef("number"), starts_at__isnull=False)
    return Deployment.objects.active().filter(~Exists(opened), origin=Deployment.Origin.ROLLOUT)


def trigger_next_group(*, actor: Actor, deployment: Deployment) -> None:
    """Open the next group, however far the last one has come.

    Raises Forbidden, Conflict "rollout_illegal_state" unless it is running, has a group left and no
    group has failed (hawkBit: triggerNextGroup).
    """
    require_for(actor, CHANGE, deployment)
    with transaction.atomic():
        rollout = held_rollout(deployment.number)
        if rollout is None or rollout.paused_at is not None:
            raise _not_running()
        phases, counted = groups_of(rollout)
        has_begun = any(phase.starts_at is not None for phase in phases)
        following = next_step(rollout, phases)
        if not has_begun or following.phase is None or failed_group(rollout, phases, counted):
            raise _not_running()
        take(rollout, following, timezone.now())
        told = {"opened": following.phase.name}
        record(actor, Action.UPDATE, subject(rollout), told)


def _not_running() -> Conflict:
    return illegal("Only a running rollout with a group left can open the next one")


@transaction.atomic
def _begin(number: int, actor: Actor, now: datetime) -> bool:
    hold_places(number)
    ready = waiting().filter(_MAY_START, number=number, paused_at__isnull=True)
    rollout = ready.select_for_update(no_key=True, of=("self",)).first()
    if rollout is None:
        return False
    this = Deployment.objects.filter(number=number)
    this.update(start_at=now, modified_at=now, modified_by=actor.name[:512])
    record(actor, Action.UPDATE, subject(rollout), {"started": now.isoformat()})
    take_scheduled(rollout)
    return take(rollout, next_step(rollout, list(rollout.phases.order_by("position"))), now)
