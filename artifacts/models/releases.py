"""Releases and the installable files that make them up."""

import uuid
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from fleet.models import Authored, Organization, TargetType
from query.comparisons import CodePoints


class ModuleType(Authored):
    """A kind of software module, such as "os"; a release has up to `max_assignments` of it.

    One that is deleted while in use stays, with `deleted_at`.
    """

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="module_types")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    description = models.CharField(max_length=512, blank=True)
    colour = models.CharField(max_length=16, blank=True)
    max_assignments = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="one_module_type_per_key_and_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_module_type_per_name_and_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseType(Authored):
    """What a release is made of (hawkBit: distribution set type).

    A release is complete with at least one module of each `mandatory` type; it may have modules
    of `optional` ones. `target_types` are the kinds of devices that take it.
    """

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="release_types")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    description = models.CharField(max_length=512, blank=True)
    colour = models.CharField(max_length=16, blank=True)
    mandatory = models.ManyToManyField(ModuleType, related_name="mandatory_in")
    optional = models.ManyToManyField(ModuleType, related_name="optional_in")
    target_types = models.ManyToManyField(TargetType, related_name="release_types")
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="one_release_type_per_key_and_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_release_type_per_name_and_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseQuerySet(models.QuerySet["Release"]):
    def of(self, organization: Organization | UUID) -> Self:
        """The organization's, without those that are deleted and kept for history."""
        return self.filter(organization=organization, deleted_at__isnull=True)

    def counted(self) -> Self:
        """With `artifact_count` on each."""
        return self.annotate(artifact_count=models.Count("artifacts"))

    def with_artifacts(self) -> Self:
        """With `artifacts.all()` read for all of them in one query."""
        return self.prefetch_related("artifacts")


class Release(models.Model):
    """A named set of artifacts or of software modules.

    In Mender's words, all artifacts of one name; in hawkBit's, a distribution set, which has a
    `title` and a `version` instead: its name is then both with a colon between. For others both
    are the name. `metadata` maps texts to texts. One that has been deployed `is_locked`: its
    modules stay as they are. With `invalidated_at` it can no longer be deployed; with
    `deleted_at` it is kept for what refers to it. `is_migration_step`: what is assigned later does
    not cancel it (hawkBit: `requiredMigrationStep`).
    """

    artifact_count: int  # of counted() ones only

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="releases")
    name = models.CharField(max_length=512)
    title = models.CharField(max_length=512, blank=True)
    version = models.CharField(max_length=512, blank=True)
    type = models.ForeignKey(ReleaseType, models.PROTECT, null=True, related_name="releases")
    description = models.CharField(max_length=512, blank=True)
    notes = models.CharField(max_length=1024, blank=True)
    modules: "models.ManyToManyField[SoftwareModule, Any]" = models.ManyToManyField(
        "SoftwareModule", related_name="releases"
    )
    metadata = models.JSONField(default=dict)
    is_migration_step = models.BooleanField(default=False, db_default=False)
    is_locked = models.BooleanField(default=False, db_default=False)
    invalidated_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_by = models.CharField(max_length=512, blank=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(deleted_at__isnull=True),
                name="one_release_per_name_and_organization",
            ),
            models.UniqueConstraint(
                fields=["organization", "title", "version"],
                condition=models.Q(deleted_at__isnull=True) & ~models.Q(title=""),
                name="one_release_per_title_and_version",
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
    # Empty of what came before these were computed; `artifacts/digests.py` fills them in.
    sha1 = models.CharField(max_length=40, blank=True, editable=False)
    md5 = models.CharField(max_length=32, blank=True, editable=False)
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


class SoftwareModule(Authored):
    """One part of a release: files that are installed together (hawkBit: software module).

    Each Mender artifact is a module too, whose only file is that of `artifact`; the others have
    `files`. `metadata` is `{key: {"value": text, "is_visible": whether devices are told}}`. One
    that was deleted while in use stays, with `deleted_at`.
    """

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="modules")
    type = models.ForeignKey(ModuleType, models.PROTECT, related_name="modules")
    name = models.CharField(max_length=512)
    version = models.CharField(max_length=512)
    vendor = models.CharField(max_length=256, blank=True)
    description = models.CharField(max_length=4096, blank=True)
    artifact = models.OneToOneField(Artifact, models.CASCADE, null=True, related_name="module")
    metadata = models.JSONField(default=dict)
    is_encrypted = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "type", "name", "version"],
                condition=models.Q(deleted_at__isnull=True, artifact__isnull=True),
                name="one_module_per_type_name_and_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"


class ModuleFile(Authored):
    """One file of a software module, sent to devices as it came.

    `file` is its name in the "artifacts" storage, `filename` what devices know it by; `size` is in
    bytes, the digests are hexadecimal.
    """

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="module_files")
    module = models.ForeignKey(SoftwareModule, models.CASCADE, related_name="files")
    filename = models.CharField(max_length=256)
    file = models.CharField(max_length=128, unique=True, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    sha1 = models.CharField(max_length=40, editable=False)
    md5 = models.CharField(max_length=32, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "filename"], name="one_file_per_name_and_module"
            ),
        ]

    def __str__(self) -> str:
        return self.filename


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
