"""What hawkBit adds to a device: its token, its type, its tags, what it confirms by itself."""

from django.db import models
from django.utils import timezone

from fleet.models.authored import Authored
from fleet.models.device import Device
from fleet.models.organization import Organization


class SecurityToken(models.Model):
    """The pre-shared key that a device may send with each call (hawkBit: `securityToken`).

    `sealed` is the token encrypted (`fleet/sealing.py`), `digest` its SHA-256. `status` is
    "accepted" or "rejected": a device is admitted by the best of its keys and this.
    """

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="security_token"
    )
    sealed = models.CharField(max_length=512, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    status = models.CharField(
        max_length=13,
        choices=[("accepted", "Accepted"), ("rejected", "Rejected")],
        default="accepted",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="security_token_is_accepted_or_rejected",
                condition=models.Q(status__in=["accepted", "rejected"]),
            ),
        ]

    def __str__(self) -> str:
        return f"security token of {self.device}"


class AutoConfirmation(models.Model):
    """The device confirms whatever is assigned to it, while there is this row."""

    device = models.OneToOneField(
        Device, models.CASCADE, primary_key=True, related_name="auto_confirmation"
    )
    initiator = models.CharField(max_length=512, blank=True)
    remark = models.CharField(max_length=512, blank=True)
    activated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.device} confirms by itself"


class TargetType(Authored):
    """A kind of device that people declare, which takes certain types of releases only."""

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="target_types")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=128)
    description = models.CharField(max_length=512, blank=True)
    colour = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="one_target_type_per_key_and_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_target_type_per_name_and_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Authored):
    """A tag that people may put on devices, or on releases: its name, and how to show it.

    Who has it is told by the tags of a device's inventory, or by `ReleaseTag`.
    """

    class Kind(models.TextChoices):
        DEVICE = "device"
        RELEASE = "release"

    number = models.AutoField(primary_key=True)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    name = models.CharField(max_length=256)
    description = models.CharField(max_length=512, blank=True)
    colour = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "name"],
                name="one_tag_per_name_kind_and_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name
