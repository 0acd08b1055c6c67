"""Work of the webhooks that comes round. Sending is not among it: see `webhooks.pump`."""

from jobs.periodic import every
from webhooks.forgetting import forget_former_secrets, forget_old

every(seconds=3600, name="webhooks.forget_old")(forget_old)
every(seconds=3600, name="webhooks.forget_former_secrets")(forget_former_secrets)
