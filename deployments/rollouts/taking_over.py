"""The devices of a group leave what else they were to install: in batches, each a transaction.

A batch holds its devices for some ten milliseconds; a call of one of them waits as long. The job
remembers how far it has come, and what it did is not done again by whoever takes it up. However
late it comes, it takes back nothing that came after the group had opened: whoever came last wins.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import In
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, Phase
from deployments.parts import RELEASE
from deployments.standing import is_active
from deployments.states import State
from deployments.superseding import cancel_scheduled, supersede
from fleet.models import Device
from jobs.lease import save_progress
from jobs.models import Job

TAKE_OVER, START = "rollouts.take_over", "rollouts.start"
BATCH = 100
# When a row of a group became its device's: as the group opened, or as a newcomer to it.
_CAME = Greatest("phase__starts_at", Coalesce("enlisted_at", "phase__starts_at"))
_HAS_IT = [State.SUCCESS.value, State.ALREADY_INSTALLED.value, State.DOWNLOADED.value]

Work = Callable[[DeviceDeploymentQuerySet, datetime], object]


def carry_out(job: Job) -> None:
    """Do a job of kind TAKE_OVER or START, from where it was left."""
    rows = DeviceDeployment.objects.unfinished().filter(
        cancel_requested_at__isnull=True,
        # Of what is stopped, nobody is left: it takes nothing from them any more.
        deployment__stopped_at__isnull=True,
    )
    if job.kind == TAKE_OVER:
        phase = job.arguments["phase"]
        # By the deployment too: its open rows are in an index in the order of their numbers.
        number = Phase.objects.filter(number=phase).values_list("deployment", flat=True).first()
        # Of a device that has never been in anything else there is nothing to look for.
        rows = rows.filter(Exists(_others()), phase=phase, deployment=number)
        work = _take_over
    else:
        number = job.arguments["deployment"]
        rows, work = rows.filter(Exists(_waiting_others()), deployment=number), _take_scheduled
    after: int | None = (job.result or job.arguments)["after"]
    while after is not None:
        after = _batch(job, rows, after, work)


def hold_devices(rows: DeviceDeploymentQuerySet) -> None:
    """Lock their devices, in the order of their numbers, until the transaction ends."""
    numbers = rows.filter(device__isnull=False).order_by().values_list("device", flat=True)
    devices = Device.objects.filter(number__in=list(numbers)).order_by("number")
    list(devices.select_for_update(no_key=True).values_list("number"))


def _batch(job: Job, rows: DeviceDeploymentQuerySet, after: int, work: Work) -> int | None:
    later = rows.filter(number__gt=after).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:BATCH])
    if not numbers:
        return None
    with transaction.atomic():
        these = rows.filter(number__in=numbers)
        hold_devices(these)
        # Read anew: who has been taken out of it meanwhile keeps what it has.
        work(these, timezone.now())
        save_progress(job, 0, {"after": numbers[-1]})
    return numbers[-1]


def _take_scheduled(rows: DeviceDeploymentQuerySet, now: datetime) -> None:
    begun = _open_others().filter(
        deployment__origin=Deployment.Origin.ROLLOUT,
        deployment__start_at__gt=OuterRef("deployment__start_at"),
        deployment__start_at__lte=now,
    )
    if winning := _numbers(rows.filter(~Exists(begun))):
        cancel_scheduled(DeviceDeployment.objects.filter(number__in=winning), now=now)


def _take_over(rows: DeviceDeploymentQuerySet, now: datetime) -> None:
    others = _open_others().annotate(came=_CAME)
    later = others.filter(phase__size__isnull=False, came__gt=OuterRef("came"))
    rows = rows.annotate(came=_CAME)
    # Once and for all: all this holds while their devices are held.
    winning = DeviceDeployment.objects.filter(number__in=_numbers(rows.filter(~Exists(later))))
    _end_what_is_there(winning, now)
    left: defaultdict[datetime, list[int]] = defaultdict(list)
    for number, came in winning.open().annotate(came=_CAME).values_list("number", "came"):
        left[came].append(number)
    for came, numbers in left.items():
        supersede(DeviceDeployment.objects.filter(number__in=numbers), now=now, since=came)


def _numbers(rows: DeviceDeploymentQuerySet) -> list[int]:
    return list(rows.order_by("number").values_list("number", flat=True))


def _end_what_is_there(rows: DeviceDeploymentQuerySet, now: datetime) -> None:
    """Who was assigned this release before has nothing to do (hawkBit: finished at once)."""
    waiting = rows.filter(state=State.PENDING, admitted_at__isnull=True)
    same = waiting.annotate(assigned=_assigned()).filter(assigned=F("deployment__release"))
    DeviceDeployment.objects.open().filter(number__in=_numbers(same)).update(
        state=State.ALREADY_INSTALLED, is_open=False, finished_at=now
    )


def _others() -> QuerySet[DeviceDeployment]:
    others = DeviceDeployment.objects.filter(device=OuterRef("device"))
    return others.exclude(deployment=OuterRef("deployment"))


def _open_others() -> QuerySet[DeviceDeployment]:
    return _others().filter(is_open=True, cancel_requested_at__isnull=True)


def _waiting_others() -> QuerySet[DeviceDeployment]:
    return _open_others().filter(
        deployment__origin=Deployment.Origin.ROLLOUT, phase__starts_at__isnull=True
    )


def _assigned() -> Case:
    """The number of the release that the device was to run by all its other rows."""
    active = _others().filter(is_active(), cancel_requested_at__isnull=True)
    ended = _others().filter(finished_at__isnull=False).order_by("-finished_at", "-number")
    newest = active.order_by("-deployment_id").values(found=RELEASE)[:1]
    last = ended.values(found=RELEASE)[:1]
    number = IntegerField()
    return Case(
        When(Exists(active), then=Subquery(newest, output_field=number)),
        When(
            Q(In(Subquery(ended.values("state")[:1]), _HAS_IT)),
            then=Subquery(last, output_field=number),
        ),
        default=Value(None, number),
        output_field=number,
    )
