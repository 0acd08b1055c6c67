"""Devices, the keys that claim their identities, and what they tell of themselves."""

import uuid
from typing import Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from fleet.models.organization import Organization
from fleet.states import Admission
from query.comparisons import CodePoints


class DeviceQuerySet(models.QuerySet["Device"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(organization=organization)

    def accepted(self) -> Self:
        return self.filter(status=Admission.ACCEPTED, is_leaving=False)

    def in_group(self, name: str) -> Self:
        return self.filter(group=name)


class Device(models.Model):
    """One machine, known by its identity.

    `number` fits 31 bits and is what other rows refer to; `id` is what the world sees.
    `status` mirrors the best of its authentication sets; `device_type` and `software` mirror
    the inventory attributes `device_type` and `artifact_name`.
    """

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="devices")
    identity = models.JSONField()
    identity_digest = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=256)
    status = models.CharField(
        max_length=13, choices=Admission.choices, default=Admission.NOAUTH, editable=False
    )
    is_leaving = models.BooleanField("being decommissioned", default=False, editable=False)
    group = models.CharField(max_length=256, blank=True)
    device_type = models.CharField(max_length=256, blank=True, editable=False)
    software = models.CharField(max_length=4096, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        permissions = [("connect_device", "Can connect to devices")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "identity_digest"],
                name="one_device_per_identity_and_organization",
            ),
            models.CheckConstraint(
                name="device_status_is_known", condition=models.Q(status__in=Admission.values)
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "id"], name="device_by_status"),
            models.Index(fields=["organization", "group"], name="device_by_group"),
            models.Index(fields=["organization", "device_type"], name="device_by_type"),
            models.Index(fields=["organization", "name"], name="device_by_name"),
            # What lists are sorted by, and searched for a beginning in: by code point, and to the
            # very row where a page begins.
            models.Index(
                "organization", CodePoints("name"), "number", name="devices_sorted_by_name"
            ),
            models.Index(
                "organization", CodePoints("status"), "number", name="devices_sorted_by_status"
            ),
            models.Index(
                "organization", CodePoints("group"), "number", name="devices_sorted_by_group"
            ),
            models.Index(
                "organization", CodePoints("device_type"), "number", name="devices_sorted_by_type"
            ),
            models.Index(
                fields=["organization", "created_at", "number"], name="devices_sorted_by_age"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuthSetQuerySet(models.QuerySet["AuthSet"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(device__organization=organization)


class AuthSet(models.Model):
    """A key that claims a device's identity.

    A token stands while `token_issued_at` is set, and only one made at `token_serial`;
    revoking clears the one and raises the other.
    """

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(Device, models.CASCADE, related_name="auth_sets")
    public_key = models.TextField()
    key_digest = models.CharField(max_length=64, editable=False)
    tier = models.CharField(max_length=16, blank=True)
    status = models.CharField(max_length=13, choices=Admission.choices)
    token_serial = models.PositiveIntegerField(default=0, editable=False)
    token_issued_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AuthSetQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "key_digest", "tier"], name="one_auth_set_per_device_and_key"
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(status="accepted"),
                name="one_accepted_auth_set_per_device",
            ),
            models.CheckConstraint(
                name="auth_set_status_is_known",
                condition=models.Q(status__in=["pending", "accepted", "rejected", "preauthorized"]),
            ),
        ]
        indexes = [models.Index(fields=["created_at", "number"], name="auth_sets_sorted_by_age")]

    def __str__(self) -> str:
        return f"{self.device} {self.status} {self.key_digest[:12]}"


class Contact(models.Model):
    """When a device last called: apart from the device, so that a call touches no wide row."""

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="contact")
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.device} at {self.seen_at:%Y-%m-%d %H:%M:%S}"


class Inventory(models.Model):
    """Attributes by scope: `{"inventory": {name: value}, "tags": …, "monitor": …}`.

    Values are strings, numbers or lists of one of these. The scopes identity and system are
    read off the device itself. `descriptions` has the same shape with texts.
    """

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="inventory"
    )
    attributes = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "inventories"

    def __str__(self) -> str:
        return f"inventory of {self.device}"


class SavedFilter(models.Model):
    """A named condition on devices: `query` in FIQL, or all `terms` hold where that is empty.

    Each term is `{scope, attribute, type, value}`. Source: Mender API, FilterPredicate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=256)
    terms = models.JSONField(default=list)
    query = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_saved_filter_per_name_and_organization"
            ),
        ]
        indexes = [
            models.Index("organization", CodePoints("name"), "id", name="filters_sorted_by_name"),
        ]

    def __str__(self) -> str:
        return self.name
