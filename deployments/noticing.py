"""What the clock and the devices brought about in deployments: noticed after, and told once.

A deployment has started when somebody was let in; a phase opens by the clock, fills up, and is
finished. The calls of devices write none of it, so it is looked for.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment, Phase
from deployments.signals import DeploymentEvent, PhaseEvent, phase_changed, tell
from deployments.states import OPEN, Stage, State


def notice() -> None:
    """Tell what has come about since; safe to be run by several at once."""
    now, active = timezone.now(), Deployment.objects.active().filter(archived_at__isnull=True)
    _notice_started(active, now)
    # While a deployment is paused its phases let nobody in: they open when it is resumed.
    _notice_phases(active.filter(paused_at__isnull=True), now)


def notice_end(deployment: Deployment, now: datetime) -> None:
    """Tell what has yet to be told of one that is over; call it in the transaction of its end."""
    this = Deployment.objects.filter(number=deployment.number)
    _notice_started(this, now)
    _notice_phases(this, now)
    opened = Q(stage__in=[Stage.OPENED, Stage.FILLED])
    _move(Phase.objects.filter(opened, deployment__in=this), Stage.FINISHED, now)


def _notice_started(deployments: DeploymentQuerySet, now: datetime) -> None:
    waiting = deployments.filter(started_at__isnull=True)
    # The rows of a group are in it from the beginning; in any other phase who has been let in is.
    let_in = Q(_has_rows(State.values), size__isnull=True) | Q(_has_asked(), starts_at__lte=now)
    begun = Phase.objects.filter(let_in, deployment__in=waiting)
    for deployment in list(waiting.filter(number__in=begun.values("deployment"))):
        with transaction.atomic():
            this = Deployment.objects.filter(number=deployment.number, started_at__isnull=True)
            if this.update(started_at=now):
                tell(deployment, DeploymentEvent.STARTED, now)


def _notice_phases(deployments: DeploymentQuerySet, now: datetime) -> None:
    phases = Phase.objects.filter(deployment__in=deployments)
    _move(phases.filter(stage=Stage.CLOSED, starts_at__lte=now), Stage.OPENED, now)
    _move(phases.filter(stage=Stage.OPENED, admitted__gte=F("quota")), Stage.FILLED, now)
    is_whole = Q(stage=Stage.FILLED) | Q(stage=Stage.OPENED, size__isnull=False)
    _move(phases.filter(is_whole & ~Q(_has_rows(sorted(OPEN)))), Stage.FINISHED, now)


def _has_rows(states: list[str] | list[State]) -> Exists:
    """By all three columns of the index: a deployment has too many rows to look through."""
    return Exists(
        DeviceDeployment.objects.filter(
            deployment=OuterRef("deployment"), phase=OuterRef("number"), state__in=states
        )
    )


def _has_asked() -> Exists:
    return Exists(
        DeviceDeployment.objects.asked().filter(
            deployment=OuterRef("deployment"), phase=OuterRef("number")
        )
    )


def _move(phases: QuerySet[Phase], stage: Stage, now: datetime) -> None:
    found = phases.order_by("deployment", "position").select_related("deployment")
    for phase in found:
        with transaction.atomic():
            before = Phase.objects.filter(number=phase.number, stage=phase.stage)
            if before.update(stage=stage):
                phase_changed.send(
                    Phase,
                    event=PhaseEvent(stage.value),
                    phase=phase.number,
                    deployment=phase.deployment_id,
                    organization_id=phase.deployment.organization_id,
                    at=now,
                )
