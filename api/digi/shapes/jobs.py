"""A job, as this API tells it: a key without a value is left out.

Source: Digi Remote Manager, v1 API conventions and the columns of its Job.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deployments.job_times import ENDED_AT, STARTED_AT
from deployments.models import Deployment
from deployments.outcomes import COURSE, Tally, tallies
from fleet.models import Organization

JOB_TYPES = {
    Deployment.Kind.SOFTWARE: "firmware_update",
    Deployment.Kind.CONFIGURATION: "configuration",
}


@dataclass(frozen=True, slots=True)
class Job:
    """A deployment with what is derived of it."""

    deployment: Any
    organization: Organization
    tally: Tally


@dataclass(frozen=True, slots=True)
class JobKey:
    """A key of a job, and what it tells; `is_counted` if that follows from the devices."""

    name: str
    tell: Callable[[Job], Any]
    is_counted: bool = False


KEYS = (
    JobKey("id", lambda job: job.deployment.number),
    JobKey("customer_id", lambda job: job.organization.number),
    JobKey("username", lambda job: job.deployment.created_by),
    JobKey("job_type", lambda job: JOB_TYPES[job.deployment.kind]),
    JobKey("job_description", lambda job: job.deployment.name),
    JobKey("status", lambda job: job.deployment.course),
    JobKey("target_count", lambda job: job.tally.targeted, is_counted=True),
    JobKey("success_count", lambda job: job.tally.successful, is_counted=True),
    JobKey("failure_count", lambda job: job.tally.failed, is_counted=True),
    JobKey("pending_count", lambda job: job.tally.pending, is_counted=True),
    JobKey("active_count", lambda job: job.tally.running, is_counted=True),
    JobKey("submit_time", lambda job: moment(job.deployment.created_at)),
    JobKey("start_time", lambda job: moment(job.deployment.began_at)),
    JobKey("complete_time", lambda job: moment(job.deployment.ended_at)),
)
KEY_NAMES = tuple(key.name for key in KEYS)
_READ = (
    *("number", "organization_id", "created_by", "kind", "name", "created_at"),
    *("stop", "stopped_at", "stopped_by", "aborted_at", "expires_at"),
    *("release", "release_name"),
)


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def jobs_of(
    organization: Organization, numbers: Sequence[int], *, counted: bool = True
) -> list[Job]:
    """The jobs of these numbers, in their order, without those that are gone: two queries."""
    rows = Deployment.objects.of(organization).filter(number__in=numbers).only(*_READ)
    named = rows.annotate(course=COURSE, began_at=STARTED_AT, ended_at=ENDED_AT)
    found = {each.number: each for each in named.order_by()}
    tallied = tallies(found.values()) if counted else {}
    return [
        Job(found[number], organization, tallied.get(number, Tally()))
        for number in numbers
        if number in found
    ]


def told(job: Job) -> dict[str, Any]:
    values = ((key.name, key.tell(job)) for key in KEYS)
    return {name: value for name, value in values if value is not None}


def listed(entries: Iterable[dict[str, Any]], size: int) -> dict[str, Any]:
    """The envelope of a list."""
    entries = list(entries)
    return {"count": len(entries), "size": size, "list": entries}
