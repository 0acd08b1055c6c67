"""What is asked for in the calls on jobs: read from bodies, and looked up.

Source: the seed, Create, Search and Update Sensor Update Job.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from api.carbonblack.bodies import member_object, read_criteria, read_query, read_words
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, missing, not_found, wrong_type, wrong_word
from api.carbonblack.search import devices_found
from api.carbonblack.targets import devices_listed, read_device_ids
from api.carbonblack.words import JOB_TYPES, KIT_TYPES
from deployments.by_kit import KitPlan
from deployments.models import Deployment, DeploymentQuerySet
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet
from query.searching import Folded, folded

MAX_NAME = 100
MAX_VERSION = 512


def find_job(organization: Organization, job_id: str) -> Deployment:
    """Raises Refused (404), also for what is no id at all."""
    try:
        wanted = UUID(job_id)
    except ValueError:
        raise not_found() from None
    job = whole(Deployment.objects.of(organization).filter(id=wanted)).first()
    if job is None:
        raise not_found()
    return job


def whole(jobs: DeploymentQuerySet) -> DeploymentQuerySet:
    """With what telling them takes."""
    return jobs.select_related("release").prefetch_related("kits")


def found_jobs(organization: Organization, body: dict[str, Any]) -> QuerySet[Deployment]:
    """The jobs that are asked for, the newest first; raises Refused (400)."""
    criteria = read_criteria(member_object(body, "criteria"), ["job_type"])
    job_types = read_words(criteria.get("job_type", []), JOB_TYPES, "job_type")
    jobs = Deployment.objects.of(organization)
    if job_types:
        jobs = jobs.filter(job_type__in=job_types)
    if query := read_query(body):
        jobs = jobs.alias(folded=Folded("name")).filter(folded__contains=folded(query))
    return whole(jobs).order_by("-created_at", "-number")


def read_name(body: dict[str, Any]) -> str:
    """The name of a job, as it was sent; raises Refused (400)."""
    name = body.get("name")
    if name is None:
        raise missing("name")
    if not isinstance(name, str):
        raise wrong_type("name", "a string")
    if len(name) > MAX_NAME:
        message = f"Job name cannot exceed limit of {MAX_NAME} characters"
        raise Refused(Code.INVALID_JOB_NAME_LENGTH, message, [MAX_NAME])
    if not name.strip():
        raise Refused(Code.EMPTY_JOB_NAME, "Job name cannot be empty")
    return name


def read_plan(body: dict[str, Any]) -> KitPlan:
    """Everything but the devices; raises Refused (400)."""
    return KitPlan(
        name=read_name(body),
        versions=read_versions(body),
        job_type=_read_job_type(body),
        is_listed=_device_ids(body) is not None,
    )


def read_devices(organization: Organization, body: dict[str, Any]) -> DeviceQuerySet:
    """Those that match, or those that are named; raises Refused (400)."""
    ids, definition = _device_ids(body), body.get("search_definition")
    if (ids is None) == (definition is None):
        message = "Exactly one of search_definition and device_ids is to be given"
        facts = ["search_definition", "device_ids"]
        raise Refused(Code.INVALID_TARGETS, message, facts)
    if ids is not None:
        return devices_listed(organization, read_device_ids(ids, "device_ids"))
    return devices_found(organization, member_object(body, "search_definition"))


def read_versions(body: dict[str, Any]) -> dict[str, str]:
    """`options.sensor_version`: which version for which kit; raises Refused (400)."""
    path = "options.sensor_version"
    versions = member_object(member_object(body, "options"), "sensor_version", path)
    if not versions:
        raise missing(path)
    for kit_type, version in versions.items():
        if kit_type not in KIT_TYPES:
            message = f"Kit type is one of {', '.join(KIT_TYPES)}"
            raise Refused(Code.INVALID_KIT_TYPE, message, [kit_type[:256]])
        if not isinstance(version, str):
            raise wrong_type(f"{path}.{kit_type}", "a string")
        if not 1 <= len(version) <= MAX_VERSION:
            raise _no_version(kit_type, version)
    return dict(versions)


def _no_version(kit_type: str, version: str) -> Refused:
    message = f"There is no such version of the sensor kit {kit_type}"
    return Refused(Code.UNKNOWN_SENSOR_VERSION, message, [kit_type, version[:256]])


def _read_job_type(body: dict[str, Any]) -> Deployment.JobType:
    word = body.get("job_type")
    if word is None:
        return Deployment.JobType.ENDPOINT
    if not isinstance(word, str):
        raise wrong_type("job_type", "a string")
    if word not in JOB_TYPES:
        raise wrong_word("job_type", word, JOB_TYPES)
    return Deployment.JobType(word)


def _device_ids(body: dict[str, Any]) -> Any:
    """`device_ids`; the version before this one called it `device_id`."""
    named = [body[name] for name in ("device_ids", "device_id") if body.get(name) is not None]
    if len(named) > 1:
        message = "Only one of device_ids and device_id may be given"
        raise Refused(Code.INVALID_TARGETS, message, ["device_ids", "device_id"])
    return named[0] if named else None
