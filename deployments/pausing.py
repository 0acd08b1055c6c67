"""Pause a deployment: nobody begins it any more, until it is resumed."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.finishing import UNPAUSED
from deployments.models import Deployment
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.rollouts.evaluating import go_on
from deployments.signals import DeploymentEvent, tell
from fleet.errors import Conflict, Invalid
from fleet.texts import is_storable

BY_HAND = "by hand"
MAX_REASON = 200


def pause(*, actor: Actor, deployment: Deployment, reason: str = BY_HAND) -> None:
    """From now on let nobody in and have no attempt begun, not even another after a failure.

    Who has been told to install goes on, is told again, and is heard; a call that is under way
    may still be let in. Devices that wait in it keep waiting for it: they do not go on with a newer
    one. Time goes on for its phases, which open when it is resumed. Raises Forbidden, Invalid
    "invalid_reason", and Conflict "already_finished" or "already_paused".
    """
    require_for(actor, CHANGE, deployment)
    if not 1 <= len(reason) <= MAX_REASON or not is_storable(reason):
        message = f"A reason has 1 to {MAX_REASON} characters"
        raise Invalid("invalid_reason", message, field="reason")
    now = timezone.now()
    facts = {"paused_at": now, "paused_by": actor.name[:512], "paused_reason": reason}
    with transaction.atomic():
        if not _change(deployment, facts, is_paused=False):
            raise _refusal(deployment, Conflict("already_paused", "Deployment is paused already"))
        record(actor, Action.PAUSE, subject(deployment), {"reason": reason})
        tell(deployment, DeploymentEvent.PAUSED, now)


def resume(*, actor: Actor, deployment: Deployment) -> None:
    """Let it go on where it was; phases that came due meanwhile are open.

    The next group of a rollout opens where the last one has failed, or is through. Raises
    Forbidden, and Conflict "already_finished" or "not_paused".
    """
    require_for(actor, CHANGE, deployment)
    with transaction.atomic():
        hold_places(deployment.number)
        if not _change(deployment, UNPAUSED, is_paused=True):
            raise _refusal(deployment, Conflict("not_paused", "Deployment is not paused"))
        record(actor, Action.RESUME, subject(deployment))
        tell(deployment, DeploymentEvent.RESUMED, timezone.now())
        if deployment.origin == Deployment.Origin.ROLLOUT:
            go_on(deployment, timezone.now())


def _change(deployment: Deployment, facts: dict[str, Any], *, is_paused: bool) -> bool:
    """Write the facts if it goes on, and is (not) paused; on the object as well."""
    asked = Deployment.objects.active().filter(
        number=deployment.number, paused_at__isnull=not is_paused, stopped_at__isnull=True
    )
    if not asked.update(**facts):
        return False
    for name, value in facts.items():
        setattr(deployment, name, value)
    return True


def _refusal(deployment: Deployment, otherwise: Conflict) -> Conflict:
    going = Deployment.objects.active().filter(stopped_at__isnull=True)
    if going.filter(number=deployment.number).exists():
        return otherwise
    return Conflict("already_finished", "Deployment already finished")
