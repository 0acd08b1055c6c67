"""Ask for work: a row now, a message once the row is certain to stay."""

from datetime import datetime
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone

from jobs.models import ASKED_BY, Job


def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    organization_id: UUID | None = None,
    asked_by: str = "",
    due_at: datetime | None = None,
) -> Job:
    """Write a job into the caller's transaction and wake a worker after the commit.

    `arguments` must be JSON. `asked_by` is the id of the actor who wants it and may watch it; it
    is kept as an argument of that name. Nothing is lost when the message is: the sweep finds the
    row, as it finds the rows that become due later.
    """
    now = timezone.now()
    if asked_by:
        arguments = {**arguments, ASKED_BY: asked_by}
    job = Job.objects.create(
        kind=kind, arguments=arguments, organization_id=organization_id, due_at=due_at or now
    )
    if job.due_at <= now:
        transaction.on_commit(lambda: send(job.id), robust=True)
    return job


def send(job_id: UUID) -> None:
    """Hand the id to the broker, which carries nothing else."""
    current_app.send_task("jobs.run", [str(job_id)], retry=False, ignore_result=True)
