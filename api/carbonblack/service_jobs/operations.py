"""Exports of sensors are asked for, and the oldest forgotten.

Source: the seed, Export Sensors in Sensor Update Job; Carbon Black, Job Service API.
"""

from functools import partial
from typing import Any

from django.db import transaction

from api.carbonblack.sensors.asking import Asked
from api.exports.files import remove
from api.models import ServiceJob
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.models import Deployment
from fleet.errors import LimitReached
from fleet.models import Organization
from jobs.models import Job
from jobs.queue import enqueue

KIND = "api.service_job"
TYPE = "SENSOR_UPDATE_JOB_SENSORS_EXPORT"
# Of one asker: at once, and in all; beyond, the oldest are forgotten with their files.
MOST_UNFINISHED, MOST = 20, 100
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)


@transaction.atomic
def begin_export(
    *, actor: Actor, organization: Organization, deployment: Deployment, asked: Asked
) -> ServiceJob:
    """Enqueue the job that writes the sensors to a file.

    Raises LimitReached "export_limit" for who has 20 already that are not done.
    """
    own = own_jobs(organization, actor)
    if own.filter(job__state__in=UNFINISHED).count() >= MOST_UNFINISHED:
        text = f"Nobody has more than {MOST_UNFINISHED} exports at work at a time"
        raise LimitReached("export_limit", text)
    _forget_oldest(own)
    job = enqueue(KIND, {}, organization_id=organization.pk, asked_by=actor.id)
    parameters = {"job_id": str(deployment.id), **asked.kept()}
    made = ServiceJob.objects.create(
        organization=organization,
        job=job,
        type=TYPE,
        asked_by=actor.id,
        asked_name=actor.name[:512],
        parameters=parameters,
    )
    record(actor, Action.CREATE, Subject("export", job.id, deployment.name), parameters)
    return made


def own_jobs(organization: Organization, actor: Actor) -> Any:
    """What this caller has asked for, the newest first."""
    rows = ServiceJob.objects.filter(organization=organization, asked_by=actor.id)
    return rows.select_related("job").order_by("-number")


def _forget_oldest(own: Any) -> None:
    over = list(own.exclude(job__state__in=UNFINISHED)[MOST - 1 :])
    Job.objects.filter(id__in=[each.job_id for each in over]).delete()
    for each in over:
        if each.file:
            transaction.on_commit(partial(remove, each.file))
