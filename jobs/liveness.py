"""Whether anybody does jobs: a row that the sweep touches, which only a worker runs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from jobs.models import Job

PULSE = UUID(int=0)
SILENCE = timedelta(seconds=30)


def mark() -> None:
    """Leave a sign of life."""
    Job.objects.bulk_create(
        [Job(id=PULSE, kind="jobs.sweep", state=Job.State.DONE, finished_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["finished_at"],
    )


def is_alive(*, watched_since: datetime) -> bool:
    """Whether a worker gave a sign of life in the last SILENCE, counted from `watched_since`.

    A lease in force is one too: workers that are busy with long jobs do not sweep.
    """
    now = timezone.now()
    if watched_since > now - SILENCE:
        return True
    if Job.objects.filter(id=PULSE, finished_at__gt=now - SILENCE).exists():
        return True
    newest = Job.objects.filter(state=Job.State.RUNNING).aggregate(newest=Max("lease_until"))
    return newest["newest"] is not None and newest["newest"] > now
