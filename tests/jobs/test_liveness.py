from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.liveness import is_alive
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import sweep

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(hours=1)


def test_nobody_has_swept_for_long() -> None:
    assert not is_alive(watched_since=LONG_AGO)


def test_a_server_that_has_just_started_waits_before_it_judges() -> None:
    assert is_alive(watched_since=timezone.now() - timedelta(seconds=10))


def test_a_sweep_is_a_sign_of_life_for_a_while() -> None:
    sweep()
    sweep()
    assert is_alive(watched_since=LONG_AGO)
    Job.objects.update(finished_at=timezone.now() - timedelta(seconds=31))
    assert not is_alive(watched_since=LONG_AGO)


def test_a_long_job_is_a_sign_of_life_too() -> None:
    enqueue("tests.slow", {})
    Job.objects.update(state="running", lease_until=timezone.now() + timedelta(seconds=5))
    assert is_alive(watched_since=LONG_AGO)
