"""What the API itself has to remember."""

from django.db import models
from django.utils import timezone

from fleet.models import Organization
from jobs.models import Job


class KeptAnswer(models.Model):
    """What a call with an `Idempotency-Key` was answered, to be answered so again for a day.

    `digest` is of the request, so that another one with the same key is told apart.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    actor_id = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "actor_id", "key"],
                name="one_kept_answer_per_caller_and_key",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"


class ServiceJob(models.Model):
    """A job with a number, that whoever asked for it can watch and fetch (Carbon Black: Job
    Service).

    `asked_by` is the id of the actor, `asked_name` the name they go by; `parameters` are what was
    asked for. `file` is the name of the result in the "exports" storage, empty until it is there,
    and `total` and `completed` are how many rows it has and how many are written.
    """

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, models.CASCADE, related_name="service_job")
    type = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=64)
    asked_name = models.CharField(max_length=512, blank=True)
    parameters = models.JSONField(default=dict)
    file = models.CharField(max_length=128, blank=True)
    media_type = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(null=True)
    completed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["organization", "asked_by"], name="service_jobs_of_one")]

    def __str__(self) -> str:
        return f"{self.type} {self.number}"
