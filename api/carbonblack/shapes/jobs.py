"""Deployments as jobs, whoever made them. Source: the seed, Field Definitions, Job."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from api.carbonblack.shapes.times import job_time
from api.carbonblack.words import FAILURES, OF_COURSE, OUTCOMES, JobStatus
from artifacts.kits import served_kits
from deployments.job_times import ENDED_AT, STARTED_AT
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import COURSE, Course, Tally, tallies
from fleet.models import KitType, Organization

Versions = Mapping[str, str]
Histogram = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a job is."""

    status: JobStatus
    start_time: datetime | None
    end_time: datetime | None


ACCEPTED = Standing(JobStatus.PENDING, None, None)


def told_jobs(jobs: Sequence[Deployment], organization: Organization) -> list[dict[str, Any]]:
    """The jobs as they are now: some queries, however many there are."""
    standings = _standings(jobs)
    return _told(jobs, organization, standings)


def told_as_accepted(job: Deployment, organization: Organization) -> dict[str, Any]:
    """A job that has just been made, before anything of it has begun."""
    return _told([job], organization, {job.number: ACCEPTED})[0]


def target_versions(
    jobs: Sequence[Deployment], organization: Organization
) -> dict[int, dict[str, str]]:
    """By the number of each job the version that each kit gets; a configuration brings none."""
    by_release = [
        job for job in jobs if not job.kits.all() and job.kind == Deployment.Kind.SOFTWARE
    ]
    numbers = {job.release_id for job in by_release if job.release_id is not None}
    served = served_kits(organization.pk, numbers) if numbers else {}
    found = {job.number: {kit.kit_type: kit.version for kit in job.kits.all()} for job in jobs}
    for job in by_release:
        kits = served.get(job.release_id or 0) or {KitType.OTHER.value}
        found[job.number] = dict.fromkeys(sorted(kits), own_version(job))
    return found


def own_version(job: Deployment) -> str:
    """The version of the one release that it brings to all devices."""
    if job.kind != Deployment.Kind.SOFTWARE:
        return ""
    return (job.release.version if job.release else "") or job.release_name


def _told(
    jobs: Sequence[Deployment], organization: Organization, standings: Mapping[int, Standing]
) -> list[dict[str, Any]]:
    counted, versions = tallies(jobs), target_versions(jobs, organization)
    current = _current_versions(jobs)
    return [
        _job(job, organization.key, standings[job.number], counted[job.number])
        | {
            "sensor_versions": versions[job.number],
            "current_sensor_versions": current.get(job.number, {}),
            "job_type": job.job_type,
        }
        for job in jobs
    ]


def _job(job: Deployment, org_key: str, standing: Standing, tally: Tally) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "org_key": org_key,
        "name": job.name,
        "login_name": job.created_by,
        "client_ip": job.created_from,
        "create_time": job_time(job.created_at),
        "start_time": standing.start_time and job_time(standing.start_time),
        "end_time": standing.end_time and job_time(standing.end_time),
        "status": standing.status,
        "percent_complete": percent_complete(tally),
        "targeted": tally.targeted,
        "updated": tally.successful,
        "pending": tally.pending,
        "processing": tally.running,
        "failed": tally.failed,
        "failed_sensor_counts": {status: tally.of(OUTCOMES[status]) for status in FAILURES},
    }


def percent_complete(tally: Tally) -> int:
    """Rounded down: 999 of 1000 are 99; of nobody everything is done."""
    if not tally.targeted:
        return 100
    return 100 * (tally.successful + tally.failed) // tally.targeted


def _standings(jobs: Sequence[Deployment]) -> dict[int, Standing]:
    rows = Deployment.objects.filter(number__in=[job.number for job in jobs]).order_by()
    found = rows.annotate(course=COURSE, began=STARTED_AT, ended=ENDED_AT)
    return {
        number: Standing(OF_COURSE[Course(course)], began, ended)
        for number, course, began, ended in found.values_list("number", "course", "began", "ended")
    }


def _current_versions(jobs: Sequence[Deployment]) -> dict[int, Histogram]:
    """What ran where when each device was enlisted; unknown is the empty text."""
    rows = DeviceDeployment.objects.filter(deployment__in=[job.number for job in jobs]).order_by()
    counted = rows.values_list("deployment", "kit_type", "version_before")
    found: defaultdict[int, Histogram] = defaultdict(dict)
    for number, kit_type, version, devices in counted.annotate(devices=Count("*")):
        found[number].setdefault(kit_type, {})[version] = devices
    return found
