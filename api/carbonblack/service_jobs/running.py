"""The job that writes the file of an export, row by row, and tells how far it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from api.carbonblack.jobs import whole
from api.carbonblack.sensors.asking import read_asked, sensors
from api.carbonblack.sensors.telling import pieces
from api.exports import files
from api.exports.watching import watched
from api.models import ServiceJob
from deployments.models import Deployment
from jobs.handlers import Hopeless
from jobs.lease import held, report_progress
from jobs.models import Job

LIFETIME = timedelta(days=30)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class Writing:
    """An export while it is written: the bytes, and how many rows they have so far."""

    def __init__(self, job: Job, service_job: ServiceJob, found: Iterator[tuple[bytes, int]]):
        self._job, self._rows = job, ServiceJob.objects.filter(pk=service_job.pk)
        self._found = found
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece, count in self._found:
            self.count += count
            yield piece

    def tell(self, total: int) -> None:
        self._rows.update(completed=min(self.count, total))
        report_progress(self._job, min(99, 100 * self.count // max(total, 1)))


def run(job: Job) -> dict[str, Any]:
    """Write the file; raises Hopeless where the job that it is of is gone."""
    service_job = ServiceJob.objects.filter(job=job.id).first()
    if service_job is None:
        raise Hopeless("Nobody asks for this any more")
    asked = read_asked(service_job.parameters)
    deployments = Deployment.objects.of(service_job.organization_id)
    deployment = whole(deployments.filter(id=service_job.parameters["job_id"])).first()
    if deployment is None:
        raise Hopeless("The job was deleted")
    rows = sensors(deployment, asked)
    total = rows.count()
    this = ServiceJob.objects.filter(pk=service_job.pk)
    this.update(total=total, completed=0)
    name = files.name_of(job.id, job.attempts)
    writing = Writing(job, service_job, pieces(deployment, rows, asked.format))
    size = files.write(name, watched(writing, lambda: writing.tell(total)))
    if held(job).exists():
        facts = {"file": name, "media_type": MEDIA_TYPES[asked.format]}
        this.update(**facts, total=writing.count, completed=writing.count)
    else:
        files.remove(name)
    expires = datetime.now(UTC) + LIFETIME
    return {"rows": writing.count, "size": size, "expires": int(expires.timestamp())}
