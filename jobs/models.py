"""Work that must happen is a row, written in the transaction that wants it."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone

# The argument that says for whom the work is done.
ASKED_BY = "asked_by"


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, organization_id: uuid.UUID) -> Self:
        return self.filter(organization_id=organization_id)

    def asked_by(self, actor_id: str) -> Self:
        return self.filter(**{f"arguments__{ASKED_BY}": actor_id})


class Job(models.Model):
    """One piece of work: a `kind` with a handler, JSON arguments, a lease while it runs.

    `progress` runs from 0 to 100. A handler may be called again after a crash: it must be safe
    to run twice.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known",
                condition=models.Q(state__in=["queued", "running", "done", "failed"]),
            ),
            models.CheckConstraint(
                name="job_is_leased_exactly_while_it_runs",
                condition=models.Q(state="running", lease_until__isnull=False)
                | models.Q(~models.Q(state="running"), lease_until__isnull=True),
            ),
            models.CheckConstraint(
                name="job_has_finished_exactly_when_it_ended",
                condition=models.Q(state__in=["done", "failed"], finished_at__isnull=False)
                | models.Q(state__in=["queued", "running"], finished_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="job_unfinished",
            ),
            models.Index(fields=["organization_id", "created_at", "id"], name="jobs_sorted_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
