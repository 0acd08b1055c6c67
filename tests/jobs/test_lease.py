import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import lease
from jobs.lease import held, report_progress
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import ATTEMPTS, run, sweep
from tests.jobs import kinds

assert kinds
pytestmark = pytest.mark.django_db
PAST = timedelta(seconds=-1)


def left_behind(attempts: int = 1, lease: timedelta = PAST) -> Job:
    """A job whose worker died: running, under a lease that nobody extends."""
    job = enqueue("tests.add", {"numbers": [1]})
    Job.objects.filter(id=job.id).update(
        state=Job.State.RUNNING, attempts=attempts, lease_until=timezone.now() + lease
    )
    job.refresh_from_db()
    return job


def test_the_sweep_does_what_a_dead_worker_left() -> None:
    job = left_behind()
    sweep()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_job_under_a_lease_belongs_to_its_worker() -> None:
    job = left_behind(lease=timedelta(seconds=5))
    sweep()
    assert not run(job.id)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)


def test_a_job_that_killed_its_worker_each_time_is_buried() -> None:
    job = left_behind(attempts=ATTEMPTS)
    sweep()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "died" in job.error


def test_who_lost_the_lease_has_no_say() -> None:
    first = left_behind()
    Job.objects.update(attempts=2)  # somebody took over
    report_progress(first, 50)
    assert not held(first).update(state=Job.State.DONE)
    first.refresh_from_db()
    assert first.progress == 0


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "EXTENDED_EVERY", timedelta(seconds=0.05))
    job = enqueue("tests.slow", {"folder": str(tmp_path), "seconds": 0.5})
    ends: list[datetime] = []
    sleep, begun = time.sleep, timezone.now()

    def sleep_and_look(seconds: float) -> None:
        sleep(seconds)
        ends.append(Job.objects.get(id=job.id).lease_until or begun)

    monkeypatch.setattr(time, "sleep", sleep_and_look)
    run(job.id)
    assert ends[0] > begun + lease.LENGTH + timedelta(seconds=0.2)
