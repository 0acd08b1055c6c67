"""Stop a deployment gracefully: nobody begins any more, whoever has begun goes on.

To stop it is one row, which the poll's query and every reader heed at once; the rows that had not
begun are ended after. Source: Carbon Black, stop sensor update job; Digi, cancel jobs.
"""

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.finishing import UNPAUSED, close_after_commit
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.states import Cause, State, sources
from jobs.queue import enqueue

BATCH = 5000
TAKE_BACK = "deployments.take_back"


def stop_gracefully(*, actor: Actor, deployment: Deployment) -> bool:
    """Let nobody begin from now on; False if it is over, or was stopped before: nothing changes.

    Who holds an instruction goes on, and what it reports counts. Raises Forbidden.
    """
    require_for(actor, CHANGE, deployment)
    with transaction.atomic():
        now = timezone.now()
        hold_places(deployment.number)
        facts = {
            "stop": Deployment.Stop.GRACEFUL,
            "stopped_at": now,
            "stopped_by": actor.name[:512],
            "modified_at": now,
            "modified_by": actor.name[:512],
            **({"joining_closed_at": now} if deployment.is_dynamic else {}),
            **UNPAUSED,
        }
        going = Deployment.objects.active().filter(number=deployment.number, stop="")
        if not going.update(**facts):
            return False
        for name, value in facts.items():
            setattr(deployment, name, value)
        record(actor, Action.ABORT, subject(deployment), {"stop": "graceful"})
        if last := take_back_batch(deployment.number):
            arguments = {"deployment": deployment.number, "after": last}
            enqueue(TAKE_BACK, arguments, organization_id=deployment.organization_id)
        close_after_commit(deployment.number)
    return True


def take_back_batch(deployment_number: int, *, after: int = 0) -> int | None:
    """End up to BATCH rows of a stopped deployment that had not begun, those numbered above.

    Returns where to go on, None at the end.
    """
    rows = _left_in(deployment_number)
    later = rows.filter(number__gt=after).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:BATCH])
    if numbers:
        batch = rows.filter(number__range=(numbers[0], numbers[-1]))
        batch.update(
            state=State.ABORTED,
            cause=_cause(deployment_number),
            is_open=False,
            finished_at=timezone.now(),
        )
    return numbers[-1] if len(numbers) == BATCH else None


def take_back_all(deployment_number: int, after: int | None) -> None:
    """The rest of it, a batch in each transaction; safe to be run again."""
    while after is not None:
        with transaction.atomic():
            after = take_back_batch(deployment_number, after=after)
    close_after_commit(deployment_number)


def take_back_left() -> int:
    """End what was left in any that was stopped, whoever forgot to; returns in how many.

    Who failed just as it was stopped may have been put back to waiting for its next attempt.
    """
    stopped = Deployment.objects.active().filter(stop=Deployment.Stop.GRACEFUL)
    left = DeviceDeployment.objects.unfinished().filter(
        deployment=OuterRef("number"), is_instructed=False
    )
    numbers = list(stopped.filter(Exists(left)).values_list("number", flat=True))
    for number in numbers:
        take_back_all(number, 0)
    return len(numbers)


def _cause(deployment_number: int) -> Cause:
    """Whose time was over as it was stopped is not over because of that."""
    late = Deployment.objects.filter(number=deployment_number, expires_at__lte=F("stopped_at"))
    return Cause.EXPIRED if late.exists() else Cause.NONE


def _left_in(deployment_number: int) -> DeviceDeploymentQuerySet:
    return DeviceDeployment.objects.unfinished().filter(
        deployment=deployment_number, is_instructed=False, state__in=sorted(sources(State.ABORTED))
    )
