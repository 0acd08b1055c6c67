from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import ATTEMPTS, forget_finished, run, run_due
from tests.jobs import kinds

assert kinds
pytestmark = pytest.mark.django_db


def test_it_keeps_what_the_handler_returns() -> None:
    job = enqueue("tests.add", {"numbers": [1, 2, 3]})
    assert run(job.id)
    job.refresh_from_db()
    assert (job.state, job.result, job.progress, job.attempts) == ("done", {"sum": 6}, 100, 1)


def test_it_runs_a_job_once() -> None:
    job = enqueue("tests.add", {"numbers": []})
    assert run(job.id)
    assert not run(job.id)


def test_it_leaves_a_job_alone_until_it_is_due() -> None:
    job = enqueue("tests.add", {"numbers": []}, due_at=timezone.now() + timedelta(seconds=60))
    assert not run(job.id)
    assert run_due() == 0


def test_it_tries_again_later_and_later() -> None:
    job = enqueue("tests.raise", {"text": "no room"})
    pauses = []
    for _ in range(ATTEMPTS - 1):
        Job.objects.update(due_at=timezone.now())
        before = timezone.now()
        assert run(job.id)
        job.refresh_from_db()
        assert job.state == "queued"
        pauses.append(round((job.due_at - before).total_seconds()))
    assert pauses == [2, 4, 8, 16]


def test_it_gives_up_with_the_text_of_the_error() -> None:
    job = enqueue("tests.raise", {"text": "no room"})
    Job.objects.update(attempts=ATTEMPTS - 1)
    run(job.id)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "ValueError: no room")
    assert job.finished_at


def test_what_can_never_be_done_is_not_tried_again() -> None:
    job = enqueue("tests.despair", {"text": "There is no such file."})
    assert run(job.id)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "There is no such file.", 1)
    assert job.finished_at


def test_a_kind_that_nobody_handles_is_an_error_like_others() -> None:
    job = enqueue("tests.unheard-of", {})
    run(job.id)
    job.refresh_from_db()
    assert job.state == "queued"
    assert "tests.unheard-of" in job.error


def test_it_forgets_what_ended_a_month_ago() -> None:
    old, new = enqueue("tests.add", {"numbers": []}), enqueue("tests.add", {"numbers": []})
    run_due()
    Job.objects.filter(id=old.id).update(finished_at=timezone.now() - timedelta(days=31))
    forget_finished()
    assert list(Job.objects.all()) == [new]


@pytest.mark.django_db(transaction=True)
def test_of_many_that_try_at_once_one_does_it(tmp_path: Path) -> None:
    job = enqueue("tests.slow", {"folder": str(tmp_path), "seconds": 0})

    def attempt(_number: int) -> bool:
        try:
            return run(job.id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(attempt, range(16)))
    assert sum(done) == 1
    assert (tmp_path / "begun").read_text() == "x"
