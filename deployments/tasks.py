"""Work of the deployments that nobody waits for."""

from datetime import datetime

from django.db import transaction

from deployments import auto_assigning
from deployments.aborting import TIDY, tidy_batch
from deployments.deleting import clean_up
from deployments.expiring import expire
from deployments.finishing import close_complete
from deployments.models import Deployment
from deployments.noticing import notice
from deployments.retrying import RETRY, retry_batch
from deployments.rollouts import taking_over
from deployments.rollouts.newcomers import fill_newcomers
from deployments.rollouts.running import run_rollouts
from deployments.stopping import TAKE_BACK, take_back_all, take_back_left
from deployments.withdrawing import WITHDRAW, cancel_all
from fleet.errors import Conflict
from jobs.handlers import Hopeless, handles
from jobs.models import Job
from jobs.periodic import every

every(seconds=30, name="deployments.close_complete")(close_complete)
every(seconds=5, name="deployments.expire")(expire)
every(seconds=30, name="deployments.take_back_left")(take_back_left)
every(seconds=5, name="deployments.notice")(notice)
every(seconds=3600, name="deployments.clean_up")(clean_up)
every(seconds=15, name="deployments.auto_assign")(auto_assigning.assign_all)
every(seconds=1, name="deployments.run_rollouts")(run_rollouts)
# As rarely as hawkBit does it.
every(seconds=60, name="deployments.fill_newcomers")(fill_newcomers)

handles(auto_assigning.ASSIGN)(auto_assigning.carry_out)
handles(taking_over.TAKE_OVER)(taking_over.carry_out)
handles(taking_over.START)(taking_over.carry_out)
handles(WITHDRAW)(cancel_all)


@handles(TIDY)
def tidy_aborted_deployment(job: Job) -> None:
    """End the open rows of an aborted deployment, a batch in each transaction."""
    number, after = job.arguments["deployment"], job.arguments["after"]
    while after is not None:
        with transaction.atomic():
            after = tidy_batch(number, after=after)


@handles(TAKE_BACK)
def take_back_what_had_not_begun(job: Job) -> None:
    take_back_all(job.arguments["deployment"], job.arguments["after"])


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
