"""How much happened in each hour, day or week: counted when asked, over a range of an index."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, DateTimeField, QuerySet
from django.db.models.functions import Trunc

from auditlog.models import Action, AuditEntry
from deployments.models import DeploymentQuerySet, DeviceDeployment
from deployments.states import FINAL, State
from fleet.errors import Invalid
from fleet.models import Contact, Organization
from fleet.models.device import DeviceQuerySet

MOST = 1000
USUAL = 30


class Interval(StrEnum):
    HOUR = "hour"
    DAY = "day"
    # From Monday.
    WEEK = "week"


LENGTH = {
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
    Interval.WEEK: timedelta(days=7),
}
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Whole intervals in UTC, `end` the beginning of the first that is outside."""

    interval: Interval
    start: datetime
    end: datetime

    def beginnings(self) -> list[datetime]:
        length = LENGTH[self.interval]
        return [self.start + length * each for each in range((self.end - self.start) // length)]


def span_of(
    interval: Interval, start: datetime | None, end: datetime | None, *, now: datetime
) -> Span:
    """The intervals that have something of the time from `start` until `end`.

    Until now and 30 of them where that is left out. Raises Invalid "invalid_span".
    """
    length = LENGTH[interval]
    try:
        last = _floor(interval, (end or now) - timedelta(microseconds=1)) + length
        first = last - USUAL * length if start is None else _floor(interval, start)
    except OverflowError:
        raise _invalid("The time is not one that is counted") from None
    if first >= last:
        raise _invalid("The time from which is counted is behind that until which it is")
    if (last - first) // length > MOST:
        raise _invalid(f"At most {MOST:,} intervals are counted")
    return Span(interval, first, last)


def ends_of_parts(deployments: DeploymentQuerySet, span: Span) -> list[Line]:
    """How many devices' parts in these deployments ended, in all and by state."""
    rows = DeviceDeployment.objects.filter(deployment__in=deployments)
    counted = _grouped(rows, "finished_at", span, "state")
    names = [state.value for state in State if state in FINAL]
    return [
        {"at": at, "total": sum(found.values()), **{name: found.get(name, 0) for name in names}}
        for at, found in counted.items()
    ]


def courses_of_deployments(deployments: DeploymentQuerySet, span: Span) -> list[Line]:
    """How many deployments were made, finished and were aborted."""
    return _beside(
        span,
        created=_counted(deployments, "created_at", span),
        finished=_counted(deployments.filter(aborted_at__isnull=True), "finished_at", span),
        aborted=_counted(deployments.filter(aborted_at__isnull=False), "finished_at", span),
    )


def arrivals_of_devices(
    organization: Organization, devices: DeviceQuerySet, span: Span
) -> list[Line]:
    """How many devices became known, were accepted, and called for the last time so far."""
    entries = AuditEntry.objects.of(organization.pk).filter(
        object_kind="device", action=Action.ACCEPT
    )
    return _beside(
        span,
        known=_counted(devices, "created_at", span),
        accepted=_counted(entries, "at", span, of="object_id"),
        last_seen=_counted(Contact.objects.filter(device__in=devices), "seen_at", span),
    )


def software_of(devices: DeviceQuerySet) -> list[Line]:
    """What accepted devices run by type, as far as is known, the most frequent first."""
    rows = devices.accepted().order_by().values("device_type", "software")
    counted = rows.annotate(devices=Count("number"))
    found = counted.order_by("-devices", "device_type", "software")[:MOST]
    return [dict(line) for line in found]


def _beside(span: Span, **counted: Mapping[datetime, int]) -> list[Line]:
    return [
        {"at": at, **{name: found[at] for name, found in counted.items()}}
        for at in span.beginnings()
    ]


def _counted(
    rows: QuerySet[Any], field: str, span: Span, *, of: str | None = None
) -> dict[datetime, int]:
    found = dict.fromkeys(span.beginnings(), 0)
    count = Count(of, distinct=True) if of else Count("pk")
    for at, number in _within(rows, field, span).values_list("interval").annotate(count):
        found[at] = number
    return found


def _grouped(
    rows: QuerySet[Any], field: str, span: Span, by: str
) -> dict[datetime, dict[str, int]]:
    found: dict[datetime, dict[str, int]] = {at: {} for at in span.beginnings()}
    counted = _within(rows, field, span).values_list("interval", by).annotate(Count("pk"))
    for at, value, number in counted:
        found[at][value] = number
    return found


def _within(rows: QuerySet[Any], field: str, span: Span) -> QuerySet[Any]:
    inside: QuerySet[Any] = rows.filter(
        **{f"{field}__gte": span.start, f"{field}__lt": span.end}
    ).order_by()
    interval = Trunc(field, span.interval.value, output_field=DateTimeField(), tzinfo=UTC)
    found: QuerySet[Any] = inside.annotate(interval=interval)
    return found


def _floor(interval: Interval, at: datetime) -> datetime:
    whole = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if interval == Interval.HOUR:
        return whole
    day = whole.replace(hour=0)
    return day - timedelta(days=day.weekday()) if interval == Interval.WEEK else day


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_span", message, field="from")
