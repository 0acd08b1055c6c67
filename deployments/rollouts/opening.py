"""Open a group: from now on its devices are told to install.

It opens first, and takes back what else its devices had to do after that, in batches. A device
that calls in between goes on with what it was in, or begins it, as it might have a moment before,
and is asked to leave it at a later call; it is never left without both. The other way round a
group that is then not opened, because somebody stops the rollout or a worker dies, would have
taken from its devices what they had, and given them nothing.
"""

from datetime import datetime

from deployments.models import Deployment, Phase
from deployments.rollouts.taking_over import START, TAKE_OVER
from jobs.queue import enqueue


def open_group(deployment: Deployment, phase: Phase, now: datetime) -> None:
    """In the caller's transaction, which holds the phases and has seen that no group has failed."""
    Phase.objects.filter(number=phase.number, starts_at__isnull=True).update(starts_at=now)
    phase.starts_at = now
    take_over(deployment, phase)


def take_over(deployment: Deployment, phase: Phase, *, after: int = 0) -> None:
    """Have the rows of an open group, those with higher numbers only, supersede others."""
    _ask(TAKE_OVER, deployment, {"phase": phase.number, "after": after})


def take_scheduled(deployment: Deployment) -> None:
    """Have the rollout's rows take the place of those that wait in rollouts begun before."""
    _ask(START, deployment, {"deployment": deployment.number, "after": 0})


def _ask(kind: str, deployment: Deployment, arguments: dict[str, int]) -> None:
    enqueue(kind, arguments, organization_id=deployment.organization_id)
