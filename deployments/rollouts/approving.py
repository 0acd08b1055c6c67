"""Somebody else looks at a rollout before it may start, where the organization wants that."""

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import subject
from deployments.models import Deployment
from deployments.reach import CHANGE, require_for
from deployments.rollouts.states import illegal
from fleet.declared import check_text

LONGEST = 1024
Approval = Deployment.Approval


def approve(*, actor: Actor, deployment: Deployment, remark: str = "") -> None:
    """Let it be started.

    Raises Forbidden, Invalid "text_invalid", Conflict "rollout_illegal_state" unless it waits for
    approval (hawkBit: approve).
    """
    _decide(actor, deployment, Approval.APPROVED, remark)


def deny(*, actor: Actor, deployment: Deployment, remark: str = "") -> None:
    """Never let it be started; raises what `approve` does (hawkBit: deny)."""
    _decide(actor, deployment, Approval.DENIED, remark)


@transaction.atomic
def _decide(actor: Actor, deployment: Deployment, approval: Approval, remark: str) -> None:
    require_for(actor, CHANGE, deployment)
    check_text("remark", remark, LONGEST)
    facts = {
        "approval": approval,
        "approval_by": actor.name[:512],
        "approval_remark": remark,
        "modified_at": timezone.now(),
        "modified_by": actor.name[:512],
    }
    waiting = Deployment.objects.active().filter(approval=Approval.WAITING, stopped_at__isnull=True)
    if not waiting.filter(number=deployment.number).update(**facts):
        raise illegal("Only a rollout that waits for approval can be approved or denied")
    for name, value in facts.items():
        setattr(deployment, name, value)
    told = {"approval": str(approval), "remark": remark}
    record(actor, Action.UPDATE, subject(deployment), told)
