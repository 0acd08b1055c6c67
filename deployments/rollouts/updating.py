"""Change what a rollout is called."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.models import Deployment
from deployments.reach import CHANGE, require_for
from deployments.rollouts.creating import name_taken
from deployments.rollouts.plans import check_texts


@transaction.atomic
def update(
    *,
    actor: Actor,
    deployment: Deployment,
    name: str | None = None,
    description: str | None = None,
) -> None:
    """Set what is not None.

    Raises Forbidden, Invalid "text_invalid", Conflict "rollout_exists" (hawkBit: PUT /rollouts).
    """
    require_for(actor, CHANGE, deployment)
    wanted = {"name": name, "description": description}
    given = {field: value for field, value in wanted.items() if value is not None}
    check_texts(given.get("name", "-"), given.get("description", ""))
    if not given:
        return
    told = dict(given)
    facts = {**given, "modified_at": timezone.now(), "modified_by": actor.name[:512]}
    try:
        with transaction.atomic():
            Deployment.objects.filter(number=deployment.number).update(**facts)
    except IntegrityError:
        raise name_taken(given.get("name", "")) from None
    for field, value in facts.items():
        setattr(deployment, field, value)
    record(actor, Action.UPDATE, subject(deployment), told)
