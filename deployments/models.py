"""An intent, its phases, each device's part in it, and what the devices said."""

import uuid
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from artifacts.models import Artifact, Release
from deployments.states import HELD, OPEN, Stage, State, Status
from fleet.models import Device, Organization
from query.comparisons import CodePoints


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(organization=organization)

    def active(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def admitting(self) -> Self:
        """Those in which devices may begin, as far as people are concerned."""
        return self.active().filter(paused_at__isnull=True)

    def wanting(self) -> Self:
        """Those under way that are paused, or in which devices have failed."""
        return self.active().filter(Q(paused_at__isnull=False) | Q(_rows(state=State.FAILURE)))

    def with_status(self, *statuses: Status) -> Self:
        """Those whose derived status is one of these (see `statistics.status_of`)."""
        return self.filter(reduce(or_, map(has_status, statuses)))

    def with_course(self, *statuses: Status) -> Self:
        """Those whose status would be one of these were nothing ever paused."""
        return self.filter(reduce(or_, (_HAS_COURSE[status]() for status in statuses)))

    def annotated_with_status(self) -> Self:
        """Annotate `status`, for a page of them: each costs a few looks into indexes."""
        return self.annotate(status=status_case())


def _rows(**facts: object) -> Exists:
    return Exists(DeviceDeployment.objects.filter(deployment=OuterRef("number"), **facts))


def _is_running() -> Q:
    """A dynamic one runs until it is closed: whom it is for may still come."""
    open_ended = Q(target=Deployment.Target.FILTER)
    return Q(open_ended | Q(_rows(finished_at__isnull=True)), finished_at__isnull=True)


def _has_opened() -> Q:
    opened = Phase.objects.filter(deployment=OuterRef("number"), starts_at__lte=timezone.now())
    return Q(Exists(opened))


def _has_moved() -> Q:
    """By the ends of an index: to look for one of many states may be to look at every row."""
    return ~Q(Exact(_end_of_states("state"), State.PENDING)) | ~Q(
        Exact(_end_of_states("-state"), State.PENDING)
    )


def _end_of_states(order: str) -> Coalesce:
    rows = DeviceDeployment.objects.filter(deployment=OuterRef("number")).order_by(order)
    return Coalesce(Subquery(rows.values("state")[:1]), Value(State.PENDING.value))


_HAS_COURSE: dict[Status, Callable[[], Q]] = {
    Status.ABORTED: lambda: Q(aborted_at__isnull=False),
    Status.FINISHED: lambda: Q(aborted_at__isnull=True) & ~_is_running(),
    Status.SCHEDULED: lambda: _is_running() & ~_has_opened(),
    Status.PENDING: lambda: _is_running() & _has_opened() & ~_has_moved(),
    Status.IN_PROGRESS: lambda: _is_running() & _has_opened() & _has_moved(),
}


def _unless_paused(status: Status) -> Callable[[], Q]:
    return lambda: Q(paused_at__isnull=True) & _HAS_COURSE[status]()


_HAS_STATUS: dict[Status, Callable[[], Q]] = {
    Status.ABORTED: _HAS_COURSE[Status.ABORTED],
    Status.FINISHED: _HAS_COURSE[Status.FINISHED],
    Status.PAUSED: lambda: Q(paused_at__isnull=False) & _is_running(),
    Status.SCHEDULED: _unless_paused(Status.SCHEDULED),
    Status.PENDING: _unless_paused(Status.PENDING),
    Status.IN_PROGRESS: _unless_paused(Status.IN_PROGRESS),
}


def has_status(status: Status) -> Q:
    """What is so of a deployment with this status now."""
    return _HAS_STATUS[status]()


def status_case() -> Case:
    """The status of a deployment now, as an expression."""
    text = models.CharField()
    cases = [When(has_status(status), then=Value(status.value, text)) for status in _HAS_STATUS]
    return Case(*cases, output_field=text)


class Deployment(models.Model):
    """This content to these devices, like this.

    `size` is the number of devices it was made for. `aborted_at` stops it at once: the poll's
    query and every report read it; the open rows are tidied after. `request_digest` tells two
    active deployments made from the same parameters. While it is paused nobody is let in and no
    attempt begun; who has been told to install goes on. `started_at` is when somebody was first
    seen to have been let in, some seconds late.

    A dynamic one is for whatever device matches `filter` (`{id, name, terms}` of a saved filter
    as it was) when it asks, up to `max_devices` of them: rows are written as they are let in,
    and `size` is how many matched in the beginning. One of kind "configuration" brings
    `configuration` (text to text) instead of a release. `update_control_map` goes to the device
    as it was given.
    """

    class Kind(models.TextChoices):
        SOFTWARE = "software"
        CONFIGURATION = "configuration"

    class Target(models.TextChoices):
        DEVICES = "devices", "Listed devices"
        GROUP = "group"
        ALL = "all", "All accepted devices"
        FILTER = "filter", "Matching devices"

    number = models.AutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="deployments")
    name = models.CharField(max_length=256)
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.SOFTWARE)
    release = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="deployments")
    release_name = models.CharField(max_length=4096)
    target = models.CharField(max_length=7, choices=Target.choices)
    groups = models.JSONField(default=list)
    filter = models.JSONField(null=True)
    max_devices = models.PositiveIntegerField(null=True)
    update_control_map = models.JSONField(null=True)
    configuration = models.JSONField(null=True)
    size = models.PositiveIntegerField()
    is_phased = models.BooleanField(default=False)
    retries = models.PositiveSmallIntegerField(default=0)
    force_installation = models.BooleanField(default=False)
    request_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, editable=False)
    created_from = models.CharField(max_length=45, blank=True, editable=False)
    created_via = models.CharField(max_length=64, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_by = models.CharField(max_length=512, blank=True, editable=False)
    paused_reason = models.CharField(max_length=200, blank=True, editable=False)
    aborted_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "request_digest"],
                condition=Q(finished_at__isnull=True),
                name="no_two_active_deployments_of_the_same_parameters",
            ),
            models.CheckConstraint(
                name="deployment_is_dynamic_exactly_with_a_filter",
                condition=Q(target="filter", filter__isnull=False)
                | Q(~Q(target="filter"), filter__isnull=True, max_devices__isnull=True),
            ),
            models.CheckConstraint(
                name="deployment_brings_a_configuration_exactly_by_its_kind",
                condition=Q(kind="configuration", configuration__isnull=False)
                | Q(kind="software", configuration__isnull=True),
            ),
            models.CheckConstraint(
                name="aborted_deployment_is_finished",
                condition=Q(aborted_at__isnull=True) | Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="paused_deployment_is_active",
                condition=Q(paused_at__isnull=True, paused_by="", paused_reason="")
                | Q(paused_at__isnull=False, finished_at__isnull=True),
            ),
        ]
        indexes = [
            # What lists are sorted by, to the very row where a page begins.
            models.Index(
                fields=["organization", "created_at", "number"], name="deployments_sorted_by_age"
            ),
            models.Index(
                fields=["organization", "finished_at", "number"], name="deployments_sorted_by_end"
            ),
            models.Index(
                "organization", CodePoints("name"), "number", name="deployments_sorted_by_name"
            ),
            models.Index(fields=["organization", "number"], name="deployments_in_order"),
            models.Index(fields=["organization", "name"], name="deployments_by_name"),
            models.Index(
                fields=["organization", "number"],
                condition=Q(target="filter", finished_at__isnull=True),
                name="active_dynamic_deployments",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        return self.target == self.Target.FILTER

    @property
    def places(self) -> int | None:
        """For how many devices it is; None for a dynamic one without a limit."""
        return self.max_devices if self.is_dynamic else self.size


class Phase(models.Model):
    """A slice of a deployment that opens at `starts_at`.

    It admits the first `quota` devices that ask, `admitted` of them so far; the last phase has
    no quota: it admits everyone left, counting nobody. Of a dynamic deployment with a limit the
    last has one too, and all of them together are the limit. `percent` is the share asked for,
    None for the rest. `stage` is what was last told of it.
    """

    number = models.AutoField(primary_key=True)
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(null=True)
    starts_at = models.DateTimeField()
    quota = models.PositiveIntegerField(null=True)
    admitted = models.PositiveIntegerField(default=0)
    stage = models.CharField(
        max_length=8, choices=Stage.choices, default=Stage.CLOSED, editable=False
    )

    class Meta:
        ordering = ["deployment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "position"], name="one_phase_per_position_and_deployment"
            ),
            models.CheckConstraint(
                name="phase_admits_no_more_than_its_quota",
                condition=Q(quota__isnull=True, admitted=0) | Q(admitted__lte=F("quota")),
            ),
        ]

    def __str__(self) -> str:
        return f"phase {self.position + 1} of {self.deployment}"


class DeviceDeploymentQuerySet(models.QuerySet["DeviceDeployment"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(deployment__organization=organization)

    def open(self) -> Self:
        return self.filter(is_open=True)

    def unfinished(self) -> Self:
        """The same as `open`, by the index of the deployment instead of the device's."""
        return self.filter(finished_at__isnull=True)

    def with_effective_state(self) -> Self:
        """Annotate `effective_state`: what is open in an aborted deployment counts as aborted."""
        return self.annotate(effective_state=effective_state())

    def asked(self) -> Self:
        """The rows of devices that have asked for the deployment and got into a phase."""
        return self.filter(admitted_at__isnull=False)


# Literal, so that PostgreSQL recognises the expression it is to group by.
_ABORTED = RawSQL("'aborted'", (), output_field=models.CharField())


def effective_state() -> Case:
    """The state of a row as `with_effective_state` annotates it."""
    return Case(
        When(is_open=True, deployment__aborted_at__isnull=False, then=_ABORTED),
        default=F("state"),
        output_field=models.CharField(),
    )


class DeviceDeployment(models.Model):
    """One device's part in one deployment.

    `device_ref` is the id the deployment was given, even of a device that does not exist (yet,
    or any more): `device` is then None. `phase`, `admitted_at`, `artifact` and `device_type`
    are set when the device first asks and is let in. `attempts` counts the ones begun,
    `attempts_before` those of earlier rounds, where people had it tried again; `is_instructed`
    while the device holds the instruction of the present one.
    """

    number = models.AutoField(primary_key=True)
    # Each index costs when 250,000 rows are written at once: only the device has one of its own.
    deployment = models.ForeignKey(
        Deployment, models.CASCADE, related_name="device_deployments", db_index=False
    )
    device = models.ForeignKey(
        Device, models.SET_NULL, null=True, related_name="device_deployments"
    )
    device_ref = models.CharField(max_length=256)
    device_name = models.CharField(max_length=256, blank=True)
    software_before = models.CharField(max_length=4096, blank=True)
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
    admitted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

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
    def held(self) -> str:
        """At which point the device is held, empty if it is not."""
        return "" if self.deployment.aborted_at else HELD.get(State(self.state), "")


class StatusEvent(models.Model):
    """One thing a device said about its part in a deployment."""

    device_deployment = models.ForeignKey(DeviceDeployment, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=24, choices=State.choices)
    substate = models.CharField(max_length=200, blank=True)
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
