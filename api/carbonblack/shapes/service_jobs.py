"""Work in the background as the Job Service tells it. Source: Carbon Black, Job Service API."""

from typing import Any

from api.carbonblack.shapes.times import job_time
from api.models import ServiceJob
from jobs.models import Job

STATUSES = {
    Job.State.QUEUED: "CREATED",
    Job.State.RUNNING: "CREATED",
    Job.State.DONE: "COMPLETED",
    Job.State.FAILED: "FAILED",
}
MESSAGES = {
    Job.State.QUEUED: "QUEUED",
    Job.State.RUNNING: "IN_PROGRESS",
    Job.State.DONE: "FINISHED",
    Job.State.FAILED: "FINISHED",
}


def told(job: ServiceJob, org_key: str) -> dict[str, Any]:
    work = job.job
    shape = {
        "id": job.number,
        "type": job.type,
        "job_parameters": job.parameters,
        "connector_id": job.asked_name,
        "org_key": org_key,
        "status": STATUSES[Job.State(work.state)],
        "progress": told_progress(job),
        "create_time": job_time(work.created_at),
        "last_update_time": job_time(work.finished_at or work.created_at),
    }
    has_failed = work.state == Job.State.FAILED
    return shape | ({"errors": [work.error]} if has_failed else {})


def told_progress(job: ServiceJob) -> dict[str, Any]:
    return {
        "num_total": job.total or 0,
        "num_completed": job.completed,
        "message": MESSAGES[Job.State(job.job.state)],
    }
