"""Real workers, killed with SIGKILL in the middle of a job."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import Connection

from config.mailbox import Transport
from jobs.models import Job
from jobs.queue import enqueue

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]


def test_the_next_worker_finishes_what_a_killed_one_began(tmp_path: Path) -> None:
    job = enqueue("tests.slow", {"folder": str(tmp_path), "seconds": 1})
    workers = [worker(tmp_path)]
    try:
        post(tmp_path, "jobs.run", str(job.id))
        wait_until((tmp_path / "begun").exists)
        workers[0].kill()
        workers[0].wait()
        assert Job.objects.get().state == "running"

        Job.objects.filter(id=job.id).update(lease_until=timezone.now())
        workers.append(worker(tmp_path))
        post(tmp_path, "jobs.come_round", "jobs.sweep")
        wait_until(Job.objects.filter(id=job.id, state="done").exists)
    finally:
        for process in workers:
            process.kill()
            process.wait()
    assert (tmp_path / "begun").read_text() == "xx"
    assert (tmp_path / "effect").exists()
    assert Job.objects.get(id=job.id).attempts == 2


def worker(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "config.celery", "worker"]
    options = ["--include", "tests.jobs.kinds", "--pool", "threads", "--without-mingle"]
    environment = os.environ | {"SLIPWAY_DATA": str(data), "SLIPWAY_DATABASE_URL": database()}
    return subprocess.Popen([*command, *options], cwd=settings.ROOT, env=environment)


def post(data: Path, task: str, argument: str) -> None:
    folder = {"folder": str(data / "broker")}
    with Connection(transport=Transport, transport_options=folder) as broker:
        current_app.send_task(task, [argument], connection=broker)


def database() -> str:
    ours = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{ours['NAME']}"
    return f"postgres://{ours['USER']}@{ours['HOST']}:{ours['PORT']}/{ours['NAME']}"


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
