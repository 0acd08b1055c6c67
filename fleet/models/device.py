"""Devices, the keys that claim their identities, and what they tell of themselves."""

import uuid
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from fleet.models.kits import KitType
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


class ControllerId(models.CharField):  # type: ignore[type-arg]
    """The id of the device, unless another one is given when it is added."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add and not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, str(model_instance.id))  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)


class Device(models.Model):
    """One machine, known by its identity.

    `number` fits 31 bits and is what other rows refer to; `id` is what the world sees, and
    `controller_id` what hawkBit's APIs know it by. `status` mirrors the best of its authentication
    sets and its security token; `device_type` and `software` mirror the inventory attributes
    `device_type` and `artifact_name`, `sensor_version` that of the same name, and `kit_type` is
    what `fleet/kits.py` makes of it. `installed_at` is when it last reported that an update is
    installed. `host_name` is the one that it answers to itself, if any; what it failed at before
    `update_reset_at` somebody has acknowledged. `wants_attributes` asks the device to send its
    attributes (hawkBit: `requestAttributes`); `address` is the URI it was last known at.
    """

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="devices")
    identity = models.JSONField()
    identity_digest = models.CharField(max_length=64, editable=False)
    controller_id = ControllerId(max_length=256, editable=False, default="")
    name = models.CharField(max_length=256)
    description = models.CharField(max_length=512, blank=True)
    address = models.CharField(max_length=512, blank=True)
    target_type = models.ForeignKey(
        "fleet.TargetType", models.SET_NULL, null=True, blank=True, related_name="devices"
    )
    wants_attributes = models.BooleanField(default=True, db_default=True, editable=False)
    status = models.CharField(
        max_length=13, choices=Admission.choices, default=Admission.NOAUTH, editable=False
    )
    is_leaving = models.BooleanField("being decommissioned", default=False, editable=False)
    group = models.CharField(max_length=256, blank=True)
    device_type = models.CharField(max_length=256, blank=True, editable=False)
    software = models.CharField(max_length=4096, blank=True, editable=False)
    sensor_version = models.CharField(
        max_length=256, blank=True, default="", db_default="", editable=False
    )
    kit_type = models.CharField(
        max_length=12,
        choices=KitType.choices,
        default=KitType.OTHER,
        db_default="OTHER",
        editable=False,
    )
    host_name = models.CharField(max_length=253, blank=True, default="", db_default="")
    update_reset_at = models.DateTimeField(null=True, editable=False)
    installed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.CharField(max_length=512, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        permissions = [("connect_device", "Can connect to devices")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "identity_digest"],
                name="one_device_per_identity_and_organization",
            ),
            models.UniqueConstraint(
                fields=["organization", "controller_id"],
                name="one_device_per_controller_id_and_organization",
            ),
            models.UniqueConstraint(
                fields=["organization", "host_name"],
                condition=~models.Q(host_name=""),
                name="one_device_per_host_name_and_organization",
            ),
            models.CheckConstraint(
                name="device_kit_type_is_known",
                condition=models.Q(kit_type__in=sorted(KitType.values)),
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
            # Host names know no case.
            models.Index("organization", Upper("name"), name="device_by_name_in_any_case"),
            models.Index(fields=["organization", "kit_type", "number"], name="device_by_kit_type"),
            models.Index(
                fields=["host_name"],
                condition=~models.Q(host_name=""),
                name="device_by_host_name",
            ),
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
            models.Index(
                "organization",
                CodePoints("controller_id"),
                "number",
                name="devices_sorted_by_controller",
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


class Language(models.TextChoices):
    """What a condition on devices is written in: the fields and what counts as equal differ."""

    FIQL = "fiql", "FIQL"
    HAWKBIT = "hawkbit", "hawkBit's RSQL"


class SavedFilter(models.Model):
    """A named condition on devices: `query`, or all `terms` hold where that is empty.

    `query` is in the `language`. Each term is `{scope, attribute, type, value}`. Source: Mender
    API, FilterPredicate; hawkBit, target filters.
    """

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=256)
    terms = models.JSONField(default=list)
    query = models.TextField(blank=True, default="")
    language = models.CharField(
        max_length=7, choices=Language.choices, default=Language.FIQL, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_by = models.CharField(max_length=512, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_saved_filter_per_name_and_organization"
            ),
        ]
        indexes = [
            models.Index(
                "organization", CodePoints("name"), "number", name="filters_sorted_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
