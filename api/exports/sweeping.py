"""Deletes the files that nobody may fetch any more."""

import time

from api.exports import files
from jobs.models import Job


def sweep() -> int:
    """Delete the files that have expired, and those that no export holds; how many there were.

    The result of a job that has written one says until when: `expires`, in Unix seconds.
    """
    names = files.stored()
    jobs = {job.id: job for job in Job.objects.filter(id__in=set(names.values()))}
    over = [name for name, export_id in names.items() if not _is_held(name, jobs.get(export_id))]
    for name in over:
        files.remove(name)
    return len(over)


def _is_held(name: str, job: Job | None) -> bool:
    if job is None or name != files.name_of(job.id, job.attempts):
        return False
    if job.state == Job.State.DONE:
        return bool(job.result and job.result["expires"] > time.time())
    return job.state == Job.State.RUNNING
