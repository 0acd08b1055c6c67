"""What waits for somebody outside holds up nothing else."""

import threading
from collections.abc import Iterator

import pytest

from jobs.beside import MOST, begin_due
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import sweep
from jobs.tasks import run_job
from tests.jobs.kinds import ANSWERED
from tests.jobs.test_killed_worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _answered_at_last() -> Iterator[None]:
    ANSWERED.clear()
    yield
    ANSWERED.set()
    wait_until(lambda: not any(each.name == "slow job" for each in threading.enumerate()))


def running() -> int:
    return Job.objects.filter(state=Job.State.RUNNING).count()


def test_slow_jobs_leave_the_worker_to_the_others() -> None:
    jobs = [enqueue("tests.wait", {}) for _ in range(MOST + 2)]
    for job in jobs:
        run_job(str(job.id))
    quick = enqueue("tests.add", {"numbers": [1]})
    sweep()
    begin_due()
    quick.refresh_from_db()
    assert quick.state == Job.State.DONE
    wait_until(lambda: running() == MOST)
    ANSWERED.set()
    wait_until(lambda: not Job.objects.exclude(state=Job.State.DONE).exists())


def test_the_sweep_does_not_wait_for_them() -> None:
    enqueue("tests.wait", {})
    sweep()
    assert running() == 0
    begin_due()
    wait_until(lambda: running() == 1)
