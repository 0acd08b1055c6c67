"""Devices, the keys that claim their identities, and what they tell of themselves."""

import uuid
from typing import Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from fleet.models.organization import Organization
from fleet.states import Admission


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
    """A named condition on devices: all `terms` hold, each `{scope, attribute, type, value}`.

    Source: Mender API, FilterPredicate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=256)
    terms = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_saved_filter_per_name_and_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Configuration(models.Model):
    """What a device is to be configured with, and what it says it is: text to text.

    `deployment_id` is the newest deployment that was to bring it there.
    """

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="configuration"
    )
    configured = models.JSONField(default=dict)
    reported = models.JSONField(default=dict)
    deployment_id = models.UUIDField(null=True)
    updated_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"configuration of {self.device}"


class Alert(models.Model):
    """One thing a monitor on a device raised or cleared.

    A monitor is known by its subject; `is_latest` marks the last word of each, which makes the
    monitor's state. `raised_at` is the device's clock, `received_at` ours.
    """

    class Level(models.TextChoices):
        OK = "OK"
        CRITICAL = "CRITICAL"

    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(Device, models.CASCADE, related_name="alerts", db_index=False)
    name = models.CharField(max_length=1024)
    level = models.CharField(max_length=8, choices=Level.choices)
    subject_name = models.CharField(max_length=1024)
    subject_type = models.CharField(max_length=256)
    subject_status = models.CharField(max_length=256)
    subject_digest = models.CharField(max_length=64, editable=False)
    details = models.JSONField(null=True)
    raised_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    is_latest = models.BooleanField(default=True)

    class Meta:
        ordering = ["-raised_at", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "subject_digest"],
                condition=models.Q(is_latest=True),
                name="one_latest_alert_per_monitor",
            ),
            models.CheckConstraint(
                name="alert_level_is_known", condition=models.Q(level__in=["OK", "CRITICAL"])
            ),
        ]
        indexes = [
            models.Index(fields=["device", "-raised_at", "-number"], name="alerts_of_a_device"),
            models.Index(
                fields=["device"],
                condition=models.Q(is_latest=True, level="CRITICAL"),
                name="monitors_in_alarm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.level} on {self.device}"


class MonitorConfiguration(models.Model):
    """The monitors that a device says it runs: a list of `{name, status, type}`."""

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="monitor_configuration"
    )
    monitors = models.JSONField(default=list)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"monitors of {self.device}"
