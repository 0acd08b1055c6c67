"""Work of the deployments that nobody waits for."""

from datetime import datetime

from django.db import transaction

from deployments.aborting import TIDY, tidy_batch
from deployments.finishing import close_complete
from deployments.models import Deployment
from deployments.noticing import notice
from deployments.retrying import RETRY, retry_batch
from fleet.errors import Conflict
from jobs.handlers import Hopeless, handles
from jobs.models import Job
from jobs.periodic import every

every(seconds=30, name="deployments.close_complete")(close_complete)
every(seconds=5, name="deployments.notice")(notice)


@handles(TIDY)
def tidy_aborted_deployment(job: Job) -> None:
    """End the open rows of an aborted deployment, a batch in each transaction."""
    number, after = job.arguments["deployment"], job.arguments["after"]
    while after is not None:
        with transaction.atomic():
            after = tidy_batch(number, after=after)


@handles(RETRY)
def retry_failed_devices(job: Job) -> None:
    """Have the rest of the failed devices wait again; those that fail meanwhile are left alone."""
    deployment = Deployment.objects.filter(number=job.arguments["deployment"]).first()
    before, after = datetime.fromisoformat(job.arguments["before"]), job.arguments["after"]
    refs = job.arguments["devices"]
    while deployment is not None and after is not None:
        try:
            after = retry_batch(deployment, before=before, refs=refs, after=after)
        except Conflict as error:
            raise Hopeless(error.message) from error
