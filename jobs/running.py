"""Do jobs: whoever claims the row with a lease runs it; the lease of the dead runs out."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jobs import liveness
from jobs.handlers import Hopeless, handler_of, slow_kinds
from jobs.lease import LENGTH, held, kept
from jobs.models import Job

ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=2)
KEPT_FOR = timedelta(days=30)

log = logging.getLogger(__name__)


def run(job_id: UUID) -> bool:
    """Do the job if it is due and nobody else is at it; False if it was not ours to do.

    A handler that raises is tried again after 2, 4, 8 … seconds, up to ATTEMPTS times; then,
    or at once if it raises Hopeless, the job has failed and carries the text of the last error.
    """
    job = _claim(job_id)
    if job is None:
        return False
    try:
        with kept(job):
            result = handler_of(job.kind)(job)
    except Hopeless as reason:
        log.warning("job %s (%s) failed for good: %s", job.id, job.kind, reason)
        _fail(job, str(reason))
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %s", job.id, job.kind, job.attempts)
        _try_again_or_fail(job, f"{type(error).__name__}: {error}")
    else:
        _finish(job, result)
    return True


def run_due(which: Q | None = None) -> int:
    """Do every job that is due (and `which`), the longest waiting first; how many were ours."""
    done = 0
    while job_id := due(which).values_list("id", flat=True).first():
        done += run(job_id)
    return done


def due(which: Q | None = None) -> QuerySet[Job]:
    """The jobs that may be begun now (and `which`), the longest waiting first."""
    return _due().filter(which or Q()).order_by("due_at")


def sweep() -> None:
    """Do what no message asked for: jobs whose message was lost, whose time has come or whose
    worker died. Bury those that killed a worker each time they were tried.

    What is slow is done beside them (`jobs/beside.py`).
    """
    liveness.mark()
    now = timezone.now()
    Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now, attempts__gte=ATTEMPTS).update(
        state=Job.State.FAILED,
        lease_until=None,
        finished_at=now,
        error=f"The worker died at each of {ATTEMPTS} attempts",
    )
    run_due(~Q(kind__in=slow_kinds()))


def forget_finished() -> None:
    """Delete jobs that ended a month ago."""
    Job.objects.filter(finished_at__lt=timezone.now() - KEPT_FOR).delete()


def _due() -> QuerySet[Job]:
    now = timezone.now()
    return Job.objects.filter(
        Q(state=Job.State.QUEUED, due_at__lte=now)
        | Q(state=Job.State.RUNNING, lease_until__lt=now, attempts__lt=ATTEMPTS)
    )


@transaction.atomic
def _claim(job_id: UUID) -> Job | None:
    claimed = (
        _due()
        .filter(id=job_id)
        .update(
            state=Job.State.RUNNING,
            lease_until=timezone.now() + LENGTH,
            attempts=F("attempts") + 1,
        )
    )
    return Job.objects.get(id=job_id) if claimed else None


def _finish(job: Job, result: dict[str, Any] | None) -> None:
    held(job).update(
        state=Job.State.DONE,
        lease_until=None,
        progress=100,
        result=result,
        error="",
        finished_at=timezone.now(),
    )


def _try_again_or_fail(job: Job, error: str) -> None:
    if job.attempts >= ATTEMPTS:
        _fail(job, error)
        return
    pause = FIRST_PAUSE * 2 ** (job.attempts - 1)
    _end(job, error, state=Job.State.QUEUED, due_at=timezone.now() + pause)


def _fail(job: Job, error: str) -> None:
    _end(job, error, state=Job.State.FAILED, finished_at=timezone.now())


def _end(job: Job, error: str, **ending: Any) -> None:
    held(job).update(lease_until=None, error=error.replace("\0", "\ufffd")[:4000], **ending)
