"""What has not begun by the end of its time is over, and so is what is not done a day later.

Every reader and the poll go by the clock; here the rows are written, seconds later.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deployments.finishing import close_after_commit
from deployments.models import OVERTIME, Deployment, DeviceDeployment
from deployments.states import Cause, State, sources

BATCH = 5000


def expire() -> int:
    """End what is to end, whoever forgot to; returns how many rows that were."""
    now = timezone.now()
    due = Deployment.objects.active().filter(expires_at__lte=now).order_by("number")
    return sum(_expire(each, now) for each in list(due))


def _expire(deployment: Deployment, now: datetime) -> int:
    ended = 0
    while batch := _batch(deployment, now):
        ended += batch
    if ended:
        close_after_commit(deployment.number)
    return ended


@transaction.atomic
def _batch(deployment: Deployment, now: datetime) -> int:
    rows = DeviceDeployment.objects.unfinished().filter(
        deployment=deployment.number, state__in=sorted(sources(State.ABORTED))
    )
    expires_at = deployment.expires_at
    if expires_at is None or expires_at + OVERTIME > now:
        rows = rows.filter(is_instructed=False)
    numbers = list(rows.order_by("number").values_list("number", flat=True)[:BATCH])
    if not numbers:
        return 0
    return rows.filter(number__range=(numbers[0], numbers[-1])).update(
        state=State.ABORTED, cause=Cause.EXPIRED, is_open=False, finished_at=now
    )
