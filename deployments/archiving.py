"""Delete deployments: gone from every list of every dialect, rows and audit log stay.

Source: Digi, delete jobs.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.finishing import finish
from deployments.models import Deployment, is_running
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from fleet.errors import Conflict


@transaction.atomic
def archive(*, actor: Actor, deployment: Deployment) -> None:
    """Hide a deployment that is over, or stopped: who is still at it goes on unseen.

    Raises Forbidden, Conflict "deployment_not_finished".
    """
    require_for(actor, CHANGE, deployment)
    hold_places(deployment.number)
    rows = Deployment.objects.of(deployment.organization_id).filter(number=deployment.number)
    current = rows.select_for_update(no_key=True).first()
    if current is None:
        return
    goes_on = Deployment.objects.filter(is_running(), number=current.number, stop="")
    if goes_on.exists():
        message = f"Job {current.number} is not finished; cancel it first"
        raise Conflict("deployment_not_finished", message)
    if current.finished_at is None and current.stop == Deployment.Stop.NONE:
        finish(current)
    now = timezone.now()
    # Nothing that nobody sees keeps the same from being deployed again.
    facts = {"archived_at": now, "request_digest": uuid.uuid4().hex}
    rows.update(**facts, modified_at=now, modified_by=actor.name[:512])
    record(actor, Action.DELETE, subject(current))
