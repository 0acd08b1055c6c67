"""The slices of a deployment: phases that open by the clock, groups that open by success."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from deployments.states import Stage


class Phase(models.Model):
    """A slice of a deployment that opens at `starts_at`.

    A group of a rollout has its devices from the beginning, `size` of them, and their rows name
    it; it opens, by being given its `starts_at`, when the one before reached its success threshold.
    Thresholds are percents of its devices: with more than `error_threshold` of them failed it has
    failed, and the rollout is paused (hawkBit: deploy group). `target_query` and
    `target_percent` say how its devices were found. Where `is_confirmation_required` a device, or
    somebody for it, confirms before it is told to install.

    Any other admits the first `quota` devices that ask, `admitted` of them so far; the last phase
    has no quota: it admits everyone left, counting nobody. Of a dynamic deployment with a limit the
    last has one too, and all of them together are the limit. `percent` is the share asked for,
    None for the rest. `stage` is what was last told of it.
    """

    class SuccessAction(models.TextChoices):
        NEXTGROUP = "NEXTGROUP", "Open the next group"
        PAUSE = "PAUSE", "Pause the rollout"

    number = models.AutoField(primary_key=True)
    deployment = models.ForeignKey("deployments.Deployment", models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=128, blank=True)
    description = models.CharField(max_length=512, blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(null=True)
    target_query = models.TextField(blank=True)
    target_percent = models.FloatField(null=True)
    success_threshold = models.PositiveSmallIntegerField(null=True)
    success_action = models.CharField(
        max_length=9, choices=SuccessAction.choices, default=SuccessAction.NEXTGROUP
    )
    error_threshold = models.PositiveSmallIntegerField(null=True)
    is_confirmation_required = models.BooleanField(default=False, db_default=False)
    is_for_newcomers = models.BooleanField(default=False, db_default=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    quota = models.PositiveIntegerField(null=True)
    admitted = models.PositiveIntegerField(default=0)
    stage = models.CharField(
        max_length=8, choices=Stage.choices, default=Stage.CLOSED, editable=False
    )

    class Meta:
        ordering = ["deployment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "position"], name="one_phase_per_position_and_deployment"
            ),
            models.CheckConstraint(
                name="phase_admits_no_more_than_its_quota",
                condition=Q(quota__isnull=True, admitted=0) | Q(admitted__lte=F("quota")),
            ),
        ]

    def __str__(self) -> str:
        return f"phase {self.position + 1} of {self.deployment}"

    def has_opened(self, now: datetime) -> bool:
        """Whether devices may be let in: a group of a rollout has no time before it is opened."""
        return self.starts_at is not None and self.starts_at <= now
