from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from jobs import queue
from jobs.models import Job
from jobs.queue import enqueue

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    ids: list[object] = []
    monkeypatch.setattr(queue, "send", ids.append)
    return ids


def test_it_sends_the_id_after_the_commit(
    sent: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("tests.add", {"numbers": [1, 2]})
        assert sent == []
    assert sent == [job.id]


def test_a_job_of_a_transaction_that_fails_never_was(sent: list[object]) -> None:
    with transaction.atomic():
        enqueue("tests.add", {"numbers": []})
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert sent == []


def test_a_job_for_later_is_left_to_the_sweep(
    sent: list[object], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("tests.add", {}, due_at=timezone.now() + timedelta(minutes=1))
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_fail_the_caller(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_job_id: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(queue, "send", refuse)
    with transaction.atomic():
        job = enqueue("tests.add", {})
    assert Job.objects.get() == job
    assert "no broker" in caplog.text
