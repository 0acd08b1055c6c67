"""A deployment is finished when the last of its rows is.

A dynamic one only once all of its places are taken, or nobody is let in any more: while there is
room, somebody may come.
"""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment, Phase
from deployments.noticing import notice_end
from deployments.places import hold_places
from deployments.signals import DeploymentEvent, tell

# What no longer waits for anybody is not paused.
UNPAUSED = {"paused_at": None, "paused_by": "", "paused_reason": ""}


def close_if_complete(deployment_number: int) -> bool:
    """Finish the deployment if nothing of it is open; call it after the commit.

    Of two last reports at the same time the later commit sees both.
    """
    return bool(_close(Deployment.objects.filter(number=deployment_number)))


def close_after_commit(deployment_number: int) -> None:
    """Have it finished after the commit, if nothing of it is open then.

    No device is refused because that failed: `close_complete` comes round.
    """
    transaction.on_commit(lambda: close_if_complete(deployment_number), robust=True)


def close_complete() -> int:
    """Finish every deployment of which nothing is open, whoever forgot to; returns how many."""
    return _close(Deployment.objects.all())


def _close(deployments: DeploymentQuerySet) -> int:
    open_rows = DeviceDeployment.objects.unfinished().filter(deployment=OuterRef("number"))
    may_still_come = Q(
        Exists(_room()), target=Deployment.Target.FILTER, joining_closed_at__isnull=True
    )
    # Of a rollout the groups are judged first (`rollouts/evaluating.py`).
    is_judged = Q(origin=Deployment.Origin.ROLLOUT)
    goes_on = Q(may_still_come | is_judged, ~Q(stop=Deployment.Stop.GRACEFUL))
    complete = deployments.active().filter(~Exists(open_rows), ~goes_on)
    found = list(complete.only("number", "organization_id", "stop"))
    return sum(_finish(complete, each) for each in found)


def finish(deployment: Deployment) -> bool:
    """Finish a rollout whose groups were judged; False if something of it is open."""
    open_rows = DeviceDeployment.objects.unfinished().filter(deployment=OuterRef("number"))
    return _finish(Deployment.objects.active().filter(~Exists(open_rows)), deployment)


@transaction.atomic
def _finish(complete: DeploymentQuerySet, deployment: Deployment) -> bool:
    now, this = timezone.now(), Deployment.objects.filter(number=deployment.number)
    hold_places(deployment.number)
    # Whoever opens rows again holds it: only what begins after that sees them.
    this.select_for_update(no_key=True).exists()
    stopped = {"aborted_at": now} if deployment.stop else {}
    rows = complete.filter(number=deployment.number, stop=deployment.stop)
    if not rows.update(finished_at=now, **stopped, **UNPAUSED):
        return False
    notice_end(deployment, now)
    tell(deployment, DeploymentEvent.ABORTED if stopped else DeploymentEvent.FINISHED, now)
    return True


def _room() -> QuerySet[Phase]:
    """The phases that would take one more: without a limit there is always one."""
    has_room = Q(quota__isnull=True) | Q(admitted__lt=F("quota"))
    return Phase.objects.filter(has_room, deployment=OuterRef("number"))
