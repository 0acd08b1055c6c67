"""The claim on a running job: short, and extended for as long as its worker lives."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from jobs.models import Job

LENGTH = timedelta(seconds=20)
EXTENDED_EVERY = timedelta(seconds=5)

log = logging.getLogger(__name__)


class ClaimLost(Exception):
    """The job is somebody else's by now: what was begun for it must be undone."""


def held(job: Job) -> QuerySet[Job]:
    """The row of the job while our claim on it stands.

    The number of the attempt tells our claim from that of whoever took over after us.
    """
    return Job.objects.filter(id=job.id, state=Job.State.RUNNING, attempts=job.attempts)


@contextmanager
def kept(job: Job) -> Iterator[None]:
    """Extend the lease from a thread of its own until the block is left."""
    left = threading.Event()
    thread = threading.Thread(target=_extend, args=(job, left), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join()


def report_progress(job: Job, percent: int) -> None:
    """Let people see how far a handler is, 0 to 100."""
    held(job).update(progress=percent)


def save_progress(job: Job, percent: int, result: dict[str, Any]) -> None:
    """Keep what has been done so far, in the transaction that did it; raises ClaimLost.

    Whoever takes the job up after a crash finds it as `job.result`.
    """
    if not held(job).update(progress=percent, result=result):
        raise ClaimLost(f"Somebody else has taken over job {job.id}")


def _extend(job: Job, left: threading.Event) -> None:
    while not left.wait(EXTENDED_EVERY.total_seconds()):
        try:
            if not held(job).update(lease_until=timezone.now() + LENGTH):
                break
        except DatabaseError:
            log.warning("the lease of job %s could not be extended", job.id, exc_info=True)
            connection.close()
    connection.close()
