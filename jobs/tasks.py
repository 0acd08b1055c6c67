"""What Celery carries: an id, or the name of periodic work."""

from uuid import UUID

from celery import shared_task

from jobs.beside import begin_due, is_slow
from jobs.periodic import PERIODIC, every
from jobs.running import forget_finished, run, sweep

every(seconds=5, name="jobs.sweep")(sweep)
every(seconds=5, name="jobs.begin_slow")(begin_due)
every(seconds=3600, name="jobs.forget_finished")(forget_finished)


@shared_task(name="jobs.run", ignore_result=True)
def run_job(job_id: str) -> None:
    if is_slow(UUID(job_id)):
        begin_due()
    else:
        run(UUID(job_id))


@shared_task(name="jobs.come_round", ignore_result=True)
def come_round(name: str) -> None:
    PERIODIC[name].work()
