"""Each device's part in a deployment, and what was said about it."""

from datetime import timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from artifacts.models import Artifact, Release
from deployments.models.phases import Phase
from deployments.states import HELD, OPEN, Cause, State
from fleet.models import Device, KitType, Organization


class DeviceDeploymentQuerySet(models.QuerySet["DeviceDeployment"]):
    def of(self, organization: Organization | UUID) -> Self:
        """The organization's, without those of archived deployments."""
        return self.filter(
            deployment__organization=organization, deployment__archived_at__isnull=True
        )

    def open(self) -> Self:
        return self.filter(is_open=True)

    def unfinished(self) -> Self:
        """The same as `open`, by the index of the deployment instead of the device's."""
        return self.filter(finished_at__isnull=True)

    def with_effective_state(self) -> Self:
        """Annotate `effective_state`: what is open and cut off counts as aborted."""
        return self.annotate(effective_state=effective_state())

    def asked(self) -> Self:
        """The rows of devices that have asked for the deployment and got into a phase."""
        return self.filter(admitted_at__isnull=False)


# Literal, so that PostgreSQL recognises the expression it is to group by.
_ABORTED = RawSQL("'aborted'", (), output_field=models.CharField())


# What has begun by the end of its time goes on for that much longer.
OVERTIME = timedelta(days=1)


def is_cut_off(prefix: str = "deployment__") -> Q:
    """What is so of a row that is open and over, until somebody comes round and ends it.

    Its deployment was aborted; or it had not begun when that was stopped gracefully, or by the end
    of its time; or it was not done a day after that. `prefix` leads to the deployment.
    """
    now = timezone.now()
    over = Q(**{f"{prefix}stop": "graceful"}) | Q(**{f"{prefix}expires_at__lte": now})
    is_over = Q(**{f"{prefix}aborted_at__isnull": False}) | Q(
        **{f"{prefix}expires_at__lte": now - OVERTIME}
    )
    return Q(is_over | Q(over, is_instructed=False), is_open=True)


def effective_state() -> Case:
    """The state of a row as `with_effective_state` annotates it."""
    return Case(
        When(is_cut_off(), then=_ABORTED),
        default=F("state"),
        output_field=models.CharField(),
    )


class DeviceDeployment(models.Model):
    """One device's part in one deployment.

    `device_ref` is the id the deployment was given, even of a device that does not exist (yet,
    or any more): `device` is then None. `phase`, `admitted_at`, `artifact` and `device_type`
    are set when the device first asks and is let in. `attempts` counts the ones begun,
    `attempts_before` those of earlier rounds, where people had it tried again; `is_instructed`
    while the device holds the instruction of the present one. `device` was added to it at
    `enlisted_at`, or with the deployment. From `cancel_requested_at` on the device is told to leave
    it, and it ends when the device says so (hawkBit: canceling). `is_forced` where somebody made
    it more urgent for this device; `status_code` is the last that the device reported. One with
    `deleted_at` is struck from what hawkBit's APIs tell of the device's history, and from that
    alone: the deployment counts it, and where the device stands follows from it.

    `device_name`, `software_before`, `version_before` and `kit_type` are what the device was when
    it was enlisted. `release` is what this device is to get, where that is not the deployment's
    one (`brings` knows both). `message` is the last text that came with what it reported; `cause`
    says why it ended where the state alone does not.
    """

    number = models.AutoField(primary_key=True)
    # Each index costs when 250,000 rows are written at once: only the device has one of its own.
    deployment = models.ForeignKey(
        "deployments.Deployment", models.CASCADE, related_name="device_deployments", db_index=False
    )
    device = models.ForeignKey(
        Device, models.SET_NULL, null=True, related_name="device_deployments"
    )
    device_ref = models.CharField(max_length=256)
    device_name = models.CharField(max_length=256, blank=True)
    software_before = models.CharField(max_length=4096, blank=True)
    version_before = models.CharField(max_length=512, blank=True, default="", db_default="")
    kit_type = models.CharField(
        max_length=12, choices=KitType.choices, default=KitType.OTHER, db_default="OTHER"
    )
    release = models.ForeignKey(
        Release, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=24, choices=State.choices, default=State.PENDING)
    substate = models.CharField(max_length=200, blank=True)
    is_open = models.BooleanField(default=True)
    phase = models.ForeignKey(Phase, models.SET_NULL, null=True, related_name="+", db_index=False)
    artifact = models.ForeignKey(
        Artifact, models.SET_NULL, null=True, related_name="device_deployments", db_index=False
    )
    device_type = models.CharField(max_length=256, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_instructed = models.BooleanField(default=False, db_default=False)
    has_log = models.BooleanField(default=False)
    is_forced = models.BooleanField(default=False, db_default=False)
    status_code = models.IntegerField(null=True)
    message = models.CharField(max_length=512, blank=True, default="", db_default="")
    cause = models.CharField(
        max_length=12, choices=Cause.choices, blank=True, default="", db_default=""
    )
    enlisted_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    admitted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = DeviceDeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "device_ref"], name="one_row_per_device_and_deployment"
            ),
            models.CheckConstraint(
                name="device_deployment_state_is_known",
                condition=Q(state__in=sorted(State.values)),
            ),
            models.CheckConstraint(
                name="device_deployment_is_open_exactly_while_not_final",
                condition=Q(state__in=sorted(OPEN), is_open=True, finished_at__isnull=True)
                | Q(~Q(state__in=sorted(OPEN)), is_open=False, finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["device", "deployment"],
                condition=Q(is_open=True),
                name="open_rows_of_a_device",
            ),
            models.Index(
                fields=["device", "deployment"],
                condition=Q(admitted_at__isnull=False),
                name="asked_rows_of_a_device",
            ),
            models.Index(fields=["deployment", "state", "phase"], name="rows_by_state"),
            models.Index(
                fields=["deployment", "kit_type", "version_before"], name="rows_by_kit_and_version"
            ),
            models.Index(
                fields=["deployment"],
                condition=Q(is_open=True, admitted_at__isnull=False),
                name="rows_in_flight",
            ),
            models.Index(
                fields=["release"],
                condition=Q(release__isnull=False, is_open=True),
                name="open_rows_by_their_own_release",
            ),
            models.Index(fields=["deployment", "number"], name="rows_of_a_deployment"),
            # The same rows by another condition: or PostgreSQL, finding few of them, reads this
            # whole index in every poll, and goes on doing so when they have become many.
            models.Index(
                fields=["deployment", "number"],
                condition=Q(finished_at__isnull=True),
                name="open_rows_of_a_deployment",
            ),
            models.Index(
                fields=["artifact"],
                condition=Q(artifact__isnull=False),
                name="rows_by_artifact",
            ),
            # What ended when, by outcome: read from the index alone.
            models.Index(
                fields=["finished_at", "deployment", "state"],
                condition=Q(finished_at__isnull=False),
                name="rows_by_end",
            ),
            models.Index(
                fields=["device_ref"],
                condition=Q(device__isnull=True, is_open=True),
                name="enlistments_of_unknown_devices",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_name or self.device_ref} in {self.deployment}"

    @property
    def brings(self) -> "tuple[int | None, str]":
        """The number and the name of the release that the device is to get."""
        if self.release is not None:
            return self.release.pk, self.release.name
        if self.deployment.release_id is None:
            # It was deleted since; what was brought to each kit is known by its name.
            names = self.deployment.kits.filter(kit_type=self.kit_type)
            if name := names.values_list("release_name", flat=True).first():
                return None, name
        return self.deployment.release_id, self.deployment.release_name

    @property
    def is_canceling(self) -> bool:
        """Whether it is asked to leave it, and has yet to say that it does."""
        return self.is_open and self.cancel_requested_at is not None

    @property
    def is_cut_off(self) -> bool:
        """Whether it is open and over now, as `is_cut_off` says; reads the deployment."""
        now, whole = timezone.now(), self.deployment
        over = whole.lets_nobody_go_on if self.is_instructed else whole.lets_nobody_begin
        return self.is_open and over(now)

    @property
    def held(self) -> str:
        """At which point the device is held, empty if it is not."""
        return "" if self.is_cut_off else HELD.get(State(self.state), "")


class StatusEvent(models.Model):
    """One thing a device said about its part in a deployment, or was told.

    `kind` is what it is besides a state, if anything; `messages` are texts, `code` a number that
    only the device understands, `device_time` its own clock.
    """

    class Kind(models.TextChoices):
        STATE = "", "State"
        ASSIGNED = "assigned"
        RETRIEVED = "retrieved"
        RUNNING = "running"
        DOWNLOADED = "downloaded"
        WARNING = "warning"
        WAITING_FOR_CONFIRMATION = "waiting_for_confirmation"
        CANCELING = "canceling"
        CANCEL_REJECTED = "cancel_rejected"

    device_deployment = models.ForeignKey(DeviceDeployment, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=24, choices=State.choices)
    kind = models.CharField(max_length=24, choices=Kind.choices, blank=True)
    substate = models.CharField(max_length=200, blank=True)
    messages = models.JSONField(default=list)
    code = models.IntegerField(null=True)
    device_time = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.state} at {self.at:%Y-%m-%d %H:%M:%S}"


class DeploymentLog(models.Model):
    """The log a device sent: a list of `{timestamp, level, message}`; the newest replaces."""

    device_deployment = models.OneToOneField(
        DeviceDeployment, models.CASCADE, primary_key=True, related_name="log"
    )
    messages = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"log of {self.device_deployment}"
