"""What the API itself has to remember."""

from django.db import models
from django.utils import timezone

from fleet.models import Organization


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
