"""What was asked for and takes longer than a request: answered with the job that does it."""

from typing import Any

from rest_framework.response import Response

from api.v1.endpoints import told
from jobs.listing import JOBS
from jobs.models import Job


def begun(job: Job) -> Response:
    """202, with where to see how it comes along."""
    return Response(job_as_told(job), 202, headers={"Location": f"/api/v1/jobs/{job.id}"})


def job_as_told(job: Job) -> dict[str, Any]:
    return told(Job.objects.filter(pk=job.pk), JOBS.columns)[0]
