"""The jobs that an address names."""

import re
from collections.abc import Sequence

from api.digi.errors import Refused, no_job
from api.digi.shapes.jobs import Job, jobs_of
from api.endpoints import Call

_NUMBER = re.compile(r"[0-9]{1,10}")
_LARGEST = 2**31 - 1
MOST = 1000


def found_job(call: Call, job_id: str) -> Job:
    """Raises Refused (404)."""
    jobs = jobs_of(call.organization, [_number(job_id)])
    if not jobs:
        raise no_job(job_id)
    return jobs[0]


def found_numbers(call: Call, job_ids: str) -> list[int]:
    """The numbers of a comma list, each once, of which all are jobs; raises Refused (400, 404)."""
    given = [text.strip() for text in job_ids.split(",")]
    if len(given) > MOST:
        raise Refused(400, f"At most {MOST} jobs are cancelled by their ids at once")
    numbers = list(dict.fromkeys(map(_number, given)))
    _require_all(call, numbers)
    return numbers


def _require_all(call: Call, numbers: Sequence[int]) -> None:
    there = {job.deployment.number for job in jobs_of(call.organization, numbers, counted=False)}
    for number in numbers:
        if number not in there:
            raise no_job(number)


def _number(text: str) -> int:
    """No text but digits names a job, and no number beyond those that the database has."""
    if not _NUMBER.fullmatch(text) or int(text) > _LARGEST:
        raise no_job(text[:64])
    return int(text)
