"""Images that come in for one device, until they are artifacts (Riverbed: update images)."""

import uuid

from django.db import models
from django.utils import timezone

from fleet.models import Device, Organization


class IncomingImage(models.Model):
    """A file on its way to becoming an artifact, or what is left of one that could not.

    `number` and `id` are those that its artifact will have: the row goes when that is there.
    `file` is its name in the "artifacts" storage; `received` and `expected` are bytes, the latter
    None where nobody said; `url` is where it is fetched from, empty where it was sent.
    `description` says how far it is, or what was wrong.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading"
        VALIDATING = "validating"
        UPLOAD_ERROR = "upload_error"
        INVALID = "invalid"

    number = models.PositiveIntegerField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="incoming_images")
    device = models.ForeignKey(Device, models.CASCADE, related_name="incoming_images")
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADING)
    description = models.CharField(max_length=512, blank=True)
    url = models.CharField(max_length=2048, blank=True)
    file = models.CharField(max_length=128, blank=True, db_index=True)
    filename = models.CharField(max_length=256, blank=True)
    version = models.CharField(max_length=512, blank=True)
    received = models.PositiveBigIntegerField(default=0)
    expected = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="incoming_image_state_is_known",
                condition=models.Q(
                    state__in=["invalid", "upload_error", "uploading", "validating"]
                ),
            ),
        ]
        indexes = [models.Index(fields=["device", "number"], name="incoming_images_of_a_device")]

    def __str__(self) -> str:
        return f"image {self.number}"
