"""An intent: this content to these devices, like this. Its status follows from its rows."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone

from artifacts.models import Release
from deployments.models.parts import OVERTIME, DeviceDeployment
from deployments.models.phases import Phase
from deployments.states import State, Status
from fleet.models import KitType, Organization, SavedFilter
from query.comparisons import CodePoints


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def of(self, organization: Organization | UUID) -> Self:
        """The organization's, without those that are archived."""
        return self.filter(organization=organization, archived_at__isnull=True)

    def active(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def admitting(self) -> Self:
        """Those in which devices may begin, as far as people are concerned."""
        return self.active().filter(paused_at__isnull=True, stopped_at__isnull=True)

    def wanting(self) -> Self:
        """Those under way that are paused, wait for approval, or in which devices have failed."""
        needs_somebody = Q(paused_at__isnull=False) | Q(approval=Deployment.Approval.WAITING)
        return self.active().filter(needs_somebody | Q(_rows(state=State.FAILURE)))

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


def _has_open_rows() -> Q:
    """By the first in an index: for an EXISTS PostgreSQL reads the table where most are open."""
    rows = DeviceDeployment.objects.filter(deployment=OuterRef("number"), finished_at__isnull=True)
    return Q(IsNull(Subquery(rows.order_by("number").values("number")[:1]), rhs=False))


def is_running() -> Q:
    """What is so of a deployment that is not over.

    A dynamic one runs until it is closed: whom it is for may still come.

    Who is cut off is over, whether somebody has come round or not.
    """
    dynamic = Q(target=Deployment.Target.FILTER, joining_closed_at__isnull=True)
    may_come = Q(dynamic | Q(newcomers__isnull=False), stop=Deployment.Stop.NONE)
    now = timezone.now()
    in_time, in_overtime = (
        Q(expires_at__isnull=True) | Q(expires_at__gt=end) for end in (now, now - OVERTIME)
    )
    is_graceful = Q(stop=Deployment.Stop.GRACEFUL)
    # The columns come first: where they tell, no database looks for rows.
    waiting = in_time & ~is_graceful & _has_open_rows()
    cut_short = is_graceful | Q(expires_at__isnull=False, expires_at__lte=now)
    begun = cut_short & in_overtime & Q(_rows(finished_at__isnull=True, is_instructed=True))
    return Q(Q(finished_at__isnull=True), may_come | waiting | begun)


def _has_opened() -> Q:
    opened = Phase.objects.filter(deployment=OuterRef("number"), starts_at__lte=timezone.now())
    return Q(Exists(opened))


def _has_moved() -> Q:
    """By the ends of an index: to look for one of many states may be to look at every row."""
    moved = ~Q(Exact(_end_of_states("state"), State.PENDING))
    moved |= ~Q(Exact(_end_of_states("-state"), State.PENDING))
    return moved | Q(stop=Deployment.Stop.GRACEFUL) | Q(expires_at__lte=timezone.now())


def _end_of_states(order: str) -> Coalesce:
    rows = DeviceDeployment.objects.filter(deployment=OuterRef("number")).order_by(order)
    return Coalesce(Subquery(rows.values("state")[:1]), Value(State.PENDING.value))


def _is_aborted() -> Q:
    """Stopped it is once nobody goes on."""
    return Q(aborted_at__isnull=False) | Q(~is_running(), ~Q(stop=Deployment.Stop.NONE))


_HAS_COURSE: dict[Status, Callable[[], Q]] = {
    Status.ABORTED: _is_aborted,
    Status.FINISHED: lambda: ~_is_aborted() & ~is_running(),
    Status.SCHEDULED: lambda: is_running() & ~_has_opened(),
    Status.PENDING: lambda: is_running() & _has_opened() & ~_has_moved(),
    Status.IN_PROGRESS: lambda: is_running() & _has_opened() & _has_moved(),
}


def _unless_paused(status: Status) -> Callable[[], Q]:
    return lambda: Q(paused_at__isnull=True) & _HAS_COURSE[status]()


_HAS_STATUS: dict[Status, Callable[[], Q]] = {
    Status.ABORTED: _HAS_COURSE[Status.ABORTED],
    Status.FINISHED: _HAS_COURSE[Status.FINISHED],
    Status.PAUSED: lambda: Q(paused_at__isnull=False) & is_running(),
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

    What was planned by itself waits its turn behind older ones; of any other `origin` it
    supersedes what its devices were to install, as hawkBit does: a rollout group by group, an
    assignment at once, an automatic assignment as devices come to match. These have a `weight`,
    the highest of which a device is told first (hawkBit), and by `action_type` tell it how urgent
    it is, "timeforced" from `forced_at` on. `maintenance_window` is `{schedule, duration,
    timezone}`. The devices of a rollout were found by `query`, in hawkBit's language; with
    `newcomers` it goes on to groups of `{target_count, name_suffix}` devices that come to match
    it later. It starts at `start_at`, if it has one, once its `approval` is given where that is
    asked for. After `joining_closed_at` no device comes to a dynamic one any more; `archived_at`
    hides it from every list.

    Since `stopped_at` nobody begins. A `stop` that is graceful takes back what had not begun, and
    who has begun goes on; one that is forced has these leave too (hawkBit), or is an abort. Who has
    not begun by `expires_at` never will, and a day later nobody goes on. At most `in_flight_limit`
    devices are at it at once: the others wait their turn, and with them what they are to install
    later.

    With `kits` it brings each kind of device a release of its own; then `release` is the one that
    they share, if they do. `job_type` is a word that people put on it (Carbon Black).

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

    class Origin(models.TextChoices):
        PLAN = "plan", "Planned"
        ROLLOUT = "rollout", "hawkBit rollout"
        ASSIGNMENT = "assignment", "hawkBit assignment"
        AUTO_ASSIGNMENT = "auto_assignment", "hawkBit auto assignment"

    class ActionType(models.TextChoices):
        FORCED = "forced"
        SOFT = "soft"
        TIMEFORCED = "timeforced"
        DOWNLOAD_ONLY = "downloadonly"

    class JobType(models.TextChoices):
        ENDPOINT = "ENDPOINT"
        WORKLOAD = "WORKLOAD"
        VDI = "VDI"
        AWS = "AWS"

    class Stop(models.TextChoices):
        NONE = "", "Not stopped"
        GRACEFUL = "graceful"
        FORCED = "forced"

    class Approval(models.TextChoices):
        NOT_NEEDED = "", "Not needed"
        WAITING = "waiting"
        APPROVED = "approved"
        DENIED = "denied"

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
    origin = models.CharField(max_length=15, choices=Origin.choices, default=Origin.PLAN)
    job_type = models.CharField(
        max_length=8, choices=JobType.choices, default=JobType.ENDPOINT, db_default="ENDPOINT"
    )
    description = models.CharField(max_length=512, blank=True)
    weight = models.PositiveSmallIntegerField(null=True)
    action_type = models.CharField(
        max_length=12, choices=ActionType.choices, default=ActionType.FORCED
    )
    forced_at = models.DateTimeField(null=True)
    maintenance_window = models.JSONField(null=True)
    query = models.TextField(blank=True)
    newcomers = models.JSONField(null=True)
    start_at = models.DateTimeField(null=True)
    approval = models.CharField(max_length=8, choices=Approval.choices, blank=True)
    approval_by = models.CharField(max_length=512, blank=True, editable=False)
    approval_remark = models.CharField(max_length=1024, blank=True, editable=False)
    target = models.CharField(max_length=7, choices=Target.choices)
    groups = models.JSONField(default=list)
    filter = models.JSONField(null=True)
    max_devices = models.PositiveIntegerField(null=True)
    in_flight_limit = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
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
    joining_closed_at = models.DateTimeField(null=True, editable=False)
    stop = models.CharField(max_length=8, choices=Stop.choices, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)
    stopped_by = models.CharField(max_length=512, blank=True, editable=False)
    aborted_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    modified_at = models.DateTimeField(null=True, editable=False)
    modified_by = models.CharField(max_length=512, blank=True, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "request_digest"],
                condition=Q(finished_at__isnull=True),
                name="no_two_active_deployments_of_the_same_parameters",
            ),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(origin="rollout", archived_at__isnull=True),
                name="one_rollout_per_name_and_organization",
            ),
            models.CheckConstraint(
                name="deployment_has_a_weight_exactly_if_it_supersedes",
                condition=Q(origin="plan", weight__isnull=True)
                | Q(~Q(origin="plan"), weight__gte=0, weight__lte=1000),
            ),
            models.CheckConstraint(
                name="deployment_is_forced_at_a_time_exactly_if_timeforced",
                condition=Q(action_type="timeforced", forced_at__isnull=False)
                | Q(~Q(action_type="timeforced"), forced_at__isnull=True),
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
                name="deployment_was_stopped_exactly_with_a_kind_of_stop",
                condition=Q(stop="", stopped_at__isnull=True)
                | Q(stop__in=["forced", "graceful"], stopped_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deployment_lets_at_least_one_be_in_flight",
                condition=Q(in_flight_limit__isnull=True) | Q(in_flight_limit__gte=1),
            ),
            # A limit counts rows, and a dynamic one writes them only as devices are let in.
            models.CheckConstraint(
                name="deployment_with_a_limit_in_flight_is_not_dynamic",
                condition=Q(in_flight_limit__isnull=True) | ~Q(target="filter"),
            ),
            models.CheckConstraint(
                name="deployment_job_type_is_known",
                condition=Q(job_type__in=["AWS", "ENDPOINT", "VDI", "WORKLOAD"]),
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
            models.Index(
                fields=["number"],
                condition=Q(origin="rollout", finished_at__isnull=True),
                name="active_rollouts",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(finished_at__isnull=True, expires_at__isnull=False),
                name="deployments_that_expire",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        return self.target == self.Target.FILTER

    @property
    def supersedes(self) -> bool:
        """Whether it takes back what its devices were to install until then."""
        return self.origin != self.Origin.PLAN

    def lets_nobody_begin(self, now: datetime) -> bool:
        """Whether who has not begun is over: it was stopped, or its time is."""
        is_stopped = self.aborted_at is not None or self.stop == self.Stop.GRACEFUL
        return is_stopped or (self.expires_at is not None and self.expires_at <= now)

    def lets_nobody_go_on(self, now: datetime) -> bool:
        """Whether who has begun is over as well."""
        is_late = self.expires_at is not None and self.expires_at + OVERTIME <= now
        return self.aborted_at is not None or is_late

    @property
    def places(self) -> int | None:
        """For how many devices it is; None for a dynamic one without a limit."""
        return self.max_devices if self.is_dynamic else self.size


class DeploymentKit(models.Model):
    """Which release a deployment brings to the devices of one kit; `version` is as asked for."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="kits")
    kit_type = models.CharField(max_length=12, choices=KitType.choices)
    version = models.CharField(max_length=512)
    release = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="+")
    release_name = models.CharField(max_length=4096)

    class Meta:
        ordering = ["kit_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "kit_type"], name="one_release_per_kit_and_deployment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kit_type} {self.version}"


class AutoAssignment(models.Model):
    """A saved filter whose devices get a release by themselves: by this deployment, at present."""

    saved_filter = models.OneToOneField(
        SavedFilter, models.CASCADE, primary_key=True, related_name="auto_assignment"
    )
    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="auto_assignment")

    def __str__(self) -> str:
        return f"{self.saved_filter} assigns {self.deployment.release_name}"
