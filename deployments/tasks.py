"""Work of the deployments that nobody waits for."""

from django.db import transaction

from deployments.aborting import TIDY, tidy_batch
from deployments.finishing import close_complete
from jobs.handlers import handles
from jobs.models import Job
from jobs.periodic import every

every(seconds=30, name="deployments.close_complete")(close_complete)


@handles(TIDY)
def tidy_aborted_deployment(job: Job) -> None:
    """End the open rows of an aborted deployment, a batch in each transaction."""
    number, after = job.arguments["deployment"], job.arguments["after"]
    while after is not None:
        with transaction.atomic():
            after = tidy_batch(number, after=after)
