"""Delete a rollout: at once it is in no list any more.

Of one that has begun the history stays, and its devices leave it; one that has not is taken out of
the database, by whoever comes round, in batches.
"""

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.aborting import stop as abort_it
from deployments.creating import subject
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment
from deployments.reach import CHANGE, require_for
from deployments.rollouts.starting import unopened
from deployments.rollouts.stopping import mark_stopped

BATCH = 5000


@transaction.atomic
def delete(*, actor: Actor, deployment: Deployment) -> None:
    """Take it out of every list; what it has under way ends, nobody is asked. Raises Forbidden."""
    require_for(actor, CHANGE, deployment)
    now = timezone.now()
    this = Deployment.objects.filter(number=deployment.number, archived_at__isnull=True)
    if deployment.origin != Deployment.Origin.ROLLOUT:
        abort_it(actor, deployment)
    else:
        mark_stopped(actor, deployment)
    if this.update(archived_at=now, modified_at=now, modified_by=actor.name[:512]):
        deployment.archived_at = now
        record(actor, Action.DELETE, subject(deployment))


def never_begun() -> DeploymentQuerySet:
    """Those of the deleted that may be taken out of the database: no group was opened."""
    return unopened().filter(archived_at__isnull=False)


def take_out(number: int) -> None:
    """Remove it with its rows; safe to be run by several at once."""
    rows = DeviceDeployment.objects.filter(deployment=number).order_by("number")
    while numbers := list(rows.values_list("number", flat=True)[:BATCH]):
        these = DeviceDeployment.objects.filter(number__in=numbers)
        # Nothing refers to what nobody was told of but that it was canceled.
        these.delete()
    Deployment.objects.filter(number=number).delete()
