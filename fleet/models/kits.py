"""Sensor kits: which devices a kind of installation package is for (Carbon Black: kit types)."""

from django.db import models

from fleet.models.organization import Organization


class KitType(models.TextChoices):
    """Source: Carbon Black, sensor_kit_type."""

    XP = "XP"
    WINDOWS = "WINDOWS"
    MAC = "MAC"
    RHEL = "RHEL"
    UBUNTU = "UBUNTU"
    SUSE = "SUSE"
    AMAZON_LINUX = "AMAZON_LINUX"
    MAC_OSX = "MAC_OSX"
    OTHER = "OTHER"


class SensorKit(models.Model):
    """What an organization says of a kit: which types of devices it is for, and its product.

    Devices of `device_types` (a list) have the kit, unless they name theirs themselves. Where
    several releases have the same version, that of the title `product` is meant; a release without
    artifacts, which names no types of devices, serves the kit only so.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sensor_kits")
    kit_type = models.CharField(max_length=12, choices=KitType.choices)
    device_types = models.JSONField(default=list, blank=True)
    product = models.CharField(max_length=512, blank=True)

    class Meta:
        ordering = ["kit_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kit_type"], name="one_sensor_kit_per_organization_and_type"
            ),
            models.CheckConstraint(
                name="sensor_kit_type_is_known",
                condition=models.Q(kit_type__in=sorted(KitType.values)),
            ),
        ]

    def __str__(self) -> str:
        return self.kit_type
