"""How devices are configured, and what their monitors say."""

import uuid

from django.db import models
from django.utils import timezone

from fleet.models.device import Device


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
