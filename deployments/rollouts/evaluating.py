"""Carry rollouts on as far as their devices have brought them.

What is to be done is first read without any lock, and mostly is nothing. Only where a step seems
due are the phases and the rollout held, everything is counted again, and the step is taken in that
transaction: no group opens but in one that has just seen that none has failed.

A worker does that each second; the call of a device never does. However many report in that
second, they are counted once; none of them waits for a lock that all share, or for the broker,
which is told of the work that comes with a group.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from auditlog.actor import system
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.finishing import finish
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.places import hold_places
from deployments.rollouts.judging import NOTHING, Decision, Step, decide
from deployments.rollouts.newcomers import next_group
from deployments.rollouts.opening import open_group
from deployments.signals import DeploymentEvent, tell
from deployments.states import State
from deployments.statistics import Counts

BY = "Slipway"


def evaluate(number: int) -> bool:
    """Take every step that is due in this rollout; True if there was one."""
    steps = 0
    while _read(number).step is not Step.NOTHING and step(number):
        steps += 1
    return steps > 0


@transaction.atomic
def step(number: int) -> bool:
    """Take the step that is due once nobody else can take one; True if there was one."""
    now = timezone.now()
    deployment = held_rollout(number)
    if deployment is None or deployment.paused_at is not None:
        return False
    return take(deployment, decide(deployment, *groups_of(deployment)), now)


def go_on(deployment: Deployment, now: datetime) -> None:
    """Take the step that waited for somebody to resume the rollout.

    In the caller's transaction, which holds the phases and has just resumed it.
    """
    take(deployment, decide(deployment, *groups_of(deployment), is_resumed=True), now)


def held_rollout(number: int) -> Deployment | None:
    """The rollout with its phases, locked until the transaction ends; None if it is over."""
    hold_places(number)
    rollouts = Deployment.objects.active().filter(
        number=number, origin=Deployment.Origin.ROLLOUT, stopped_at__isnull=True
    )
    return rollouts.select_for_update(no_key=True).first()


def groups_of(deployment: Deployment) -> tuple[list[Phase], dict[int | None, Counts]]:
    """The groups in their order, and the devices of those that are open, by state."""
    phases = list(deployment.phases.order_by("position"))
    opened = [phase.number for phase in phases if phase.starts_at is not None]
    rows = DeviceDeployment.objects.filter(deployment=deployment, phase__in=opened).order_by()
    counted: dict[int | None, Counts] = {}
    for phase, state, devices in rows.values_list("phase", "state").annotate(devices=Count("*")):
        counted.setdefault(phase, {})[State(state)] = devices
    return phases, counted


def take(deployment: Deployment, decision: Decision, now: datetime) -> bool:
    """Do what was decided, in the caller's transaction, which holds the rollout."""
    phase = decision.phase
    match decision.step:
        case Step.FAIL if phase is not None:
            _fail(deployment, phase, now)
        case Step.PAUSE if phase is not None:
            _pause(deployment, f"{phase.name} has succeeded", now)
        case Step.OPEN if phase is not None:
            open_group(deployment, phase, now)
        case Step.EXTEND:
            open_group(deployment, next_group(deployment), now)
        case Step.FINISH:
            return finish(deployment)
        case _:
            return False
    return True


def _read(number: int) -> Decision:
    rollouts = Deployment.objects.admitting().filter(origin=Deployment.Origin.ROLLOUT)
    deployment = rollouts.filter(number=number).first()
    return decide(deployment, *groups_of(deployment)) if deployment else NOTHING


def _fail(deployment: Deployment, phase: Phase, now: datetime) -> None:
    Phase.objects.filter(number=phase.number).update(failed_at=now)
    phase.failed_at = now
    _pause(deployment, f"{phase.name} has more than {phase.error_threshold} % failures", now)


def _pause(deployment: Deployment, reason: str, now: datetime) -> None:
    reason = reason[: Deployment._meta.get_field("paused_reason").max_length]
    facts = {"paused_at": now, "paused_by": BY, "paused_reason": reason}
    Deployment.objects.filter(number=deployment.number).update(**facts)
    for name, value in facts.items():
        setattr(deployment, name, value)
    by_itself = system(deployment.organization_id)
    record(by_itself, Action.PAUSE, subject(deployment), {"reason": reason})
    tell(deployment, DeploymentEvent.PAUSED, now)
