"""Work of the API that nobody waits for, and work that comes round."""

from typing import Any

from api.carbonblack.service_jobs import running as service_jobs
from api.carbonblack.service_jobs.operations import KIND
from api.exports.sweeping import sweep
from api.v1.exports import running
from api.v1.exports.operations import EXPORT
from api.v1.idempotency import forget_kept_answers
from jobs.handlers import handles
from jobs.models import Job
from jobs.periodic import every

every(seconds=3600, name="api.forget_kept_answers")(forget_kept_answers)
every(seconds=300, name="api.sweep_exports")(sweep)


@handles(EXPORT)
def export(job: Job) -> dict[str, Any]:
    return running.run(job)


@handles(KIND)
def service_job(job: Job) -> dict[str, Any]:
    return service_jobs.run(job)
