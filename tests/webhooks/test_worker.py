"""A real worker: receivers that hang do not hold up its jobs, and what it was sending when it was
killed arrives."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from jobs.models import Job
from jobs.queue import enqueue
from tests.jobs.test_killed_worker import post, wait_until, worker
from tests.make import make_actor
from tests.webhooks.conftest import Make
from tests.webhooks.receiver import Receiver, receiving, status
from webhooks.models import Delivery, Webhook
from webhooks.upkeep import ping

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

HANGING = 19  # with the one that answers that is as many as an organization has


def test_jobs_are_done_while_receivers_hang_and_a_killed_worker_loses_nothing(
    webhook: Webhook,
    receiver: Receiver,
    make_webhook: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = webhook.organization
    monkeypatch.setenv("SLIPWAY_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("SLIPWAY_WEBHOOK_PRIVATE_NETWORKS", "true")
    monkeypatch.setenv("SLIPWAY_WEBHOOK_RETRIES", "0.1,60")
    with ExitStack() as stack:
        hanging = [stack.enter_context(receiving()) for _ in range(HANGING)]
        for other in hanging:
            other.answer = other.hang
            hook = make_webhook(home, other.url)
            ping(actor=make_actor(home), webhook=hook)
        workers = [worker(tmp_path)]
        try:
            wait_until(lambda: all(other.received for other in hanging))
            began = time.monotonic()
            job = enqueue("tests.add", {"numbers": [1, 2]})
            post(tmp_path, "jobs.run", str(job.id))
            wait_until(Job.objects.filter(id=job.id, state="done").exists)
            assert time.monotonic() - began < 1
            sent = ping(actor=make_actor(home), webhook=webhook)
            began = time.monotonic()
            wait_until(Delivery.objects.filter(pk=sent.pk, state="delivered").exists)
            assert time.monotonic() - began < 2

            workers[0].kill()
            workers[0].wait()
            assert Delivery.objects.pending().count() == HANGING
            for other in hanging:
                other.answer = status(200)
            Webhook.objects.update(lease_until=timezone.now())
            workers.append(worker(tmp_path))
            wait_until(lambda: not Delivery.objects.pending().exists())
        finally:
            for process in workers:
                process.kill()
                process.wait()
    for other in hanging:
        assert len({received.id for received in other.received}) == 1
        assert len(other.received) >= 2
