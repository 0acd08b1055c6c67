"""Releases and the installable files that make them up."""

import uuid
from typing import Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from fleet.models import Organization
from query.comparisons import CodePoints


class ReleaseQuerySet(models.QuerySet["Release"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(organization=organization)

    def counted(self) -> Self:
        """With `artifact_count` on each."""
        return self.annotate(artifact_count=models.Count("artifacts"))

    def with_artifacts(self) -> Self:
        """With `artifacts.all()` read for all of them in one query."""
        return self.prefetch_related("artifacts")


class Release(models.Model):
    """A named set of artifacts; in Mender's words, all artifacts of one name."""

    artifact_count: int  # of counted() ones only

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="releases")
    name = models.CharField(max_length=512)
    notes = models.CharField(max_length=1024, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_release_per_name_and_organization"
            ),
        ]
        indexes = [
            models.Index(
                "organization", CodePoints("name"), "number", name="releases_sorted_by_name"
            ),
            models.Index(
                fields=["organization", "modified_at", "number"], name="releases_sorted_by_change"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseTag(models.Model):
    """A word on a release, lower case."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "name"], name="one_tag_per_name_and_release"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(organization=organization)


class Artifact(models.Model):
    """One installable file and what it fits.

    `file` is its name in the "artifacts" storage; `size` is in bytes. `provides` maps keys to
    values, `depends` keys to lists of accepted values (`device_type` among them); `payloads` is
    a list of `{type, files: [{name, sha256, size, modified}], metadata}`.
    """

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="artifacts")
    release = models.ForeignKey(Release, models.PROTECT, related_name="artifacts")
    description = models.CharField(max_length=4096, blank=True)
    file = models.CharField(max_length=128, unique=True, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    format = models.CharField(max_length=16, editable=False)
    format_version = models.PositiveSmallIntegerField(editable=False)
    device_types = models.JSONField(default=list, editable=False)
    provides = models.JSONField(default=dict, editable=False)
    depends = models.JSONField(default=dict, editable=False)
    clears = models.JSONField(default=list, editable=False)
    payloads = models.JSONField(default=list, editable=False)
    scripts = models.JSONField(default=list, editable=False)
    signature = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["organization", "modified_at", "number"], name="artifacts_sorted_by_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release} ({', '.join(self.device_types)})"


class Fit(models.Model):
    """One device type and one combination of depended-on values that an artifact fits.

    Within a release no two artifacts may fit the same.
    """

    artifact = models.ForeignKey(Artifact, models.CASCADE, related_name="fits")
    release = models.ForeignKey(Release, models.CASCADE, related_name="fits")
    device_type = models.CharField(max_length=256)
    depends_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "device_type", "depends_digest"],
                name="one_artifact_per_fit_and_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artifact_id} fits {self.device_type}"


class PendingUpload(models.Model):
    """A file that has come in, or is about to, and is no artifact yet.

    `id` is the id that its artifact will have, `file` its name in the "artifacts" storage and
    `size` its bytes so far. `facts` is what its artifact is made of besides the file.
    """

    class Purpose(models.TextChoices):
        GENERATE = "generate"
        DIRECT = "direct"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="pending_uploads")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    file = models.CharField(max_length=128, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"
