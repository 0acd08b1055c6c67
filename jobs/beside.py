"""Slow jobs, done beside the others: they wait for somebody outside, and would keep the worker's
two threads, which everything else needs, for as long as that one likes."""

import logging
import threading
from uuid import UUID

from django.db import connection
from django.db.models import Q

from jobs.handlers import slow_kinds
from jobs.models import Job
from jobs.running import due, run_due

# At the same time, in each worker.
MOST = 4

log = logging.getLogger(__name__)
_room = threading.BoundedSemaphore(MOST)


def slow() -> Q:
    """The jobs that are done here."""
    return Q(kind__in=slow_kinds())


def is_slow(job_id: UUID) -> bool:
    return Job.objects.filter(slow(), id=job_id).exists()


def begin_due() -> None:
    """Begin what is due, each job in a thread of its own, as far as there is room."""
    for _ in range(due(slow())[:MOST].count()):
        if not _room.acquire(blocking=False):
            return
        threading.Thread(target=_run, name="slow job", daemon=True).start()


def _run() -> None:
    """Do one after the other, while any are due."""
    try:
        run_due(slow())
    except Exception:
        # The next round begins again; what was under way is free when its lease is over.
        log.exception("slow jobs could not be looked for")
    finally:
        connection.close()
        _room.release()
