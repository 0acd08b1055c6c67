"""Work of the webhooks that comes round. Sending is not among it: see `webhooks.pump`."""

from jobs.handlers import handles
from jobs.models import Job
from jobs.periodic import every
from webhooks.forgetting import DROP, drop_batch, forget_former_secrets, forget_old

every(seconds=3600, name="webhooks.forget_old")(forget_old)
every(seconds=3600, name="webhooks.forget_former_secrets")(forget_former_secrets)


@handles(DROP)
def forget_deleted_webhook(job: Job) -> None:
    """Delete what is left of a deleted webhook, a batch in each transaction."""
    while drop_batch(job.arguments["webhook"]):
        pass
