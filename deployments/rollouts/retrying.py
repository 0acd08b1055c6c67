"""Try again with the devices that did not make it: a rollout of its own (hawkBit: retry)."""

from django.db import transaction
from django.db.models import Q

from auditlog.actor import Actor
from deployments.models import Deployment, DeviceDeployment
from deployments.reach import ADD, CHANGE, require_for
from deployments.rollouts.creating import make_rollout, release_of
from deployments.rollouts.devices import takes
from deployments.rollouts.plans import RolloutPlan, check
from deployments.rollouts.states import RolloutState, illegal, state_of
from deployments.states import State
from fleet.permissions import require_somewhere
from fleet.reach import devices_within

SUFFIX = "_retry"


@transaction.atomic
def retry(*, actor: Actor, deployment: Deployment) -> Deployment:
    """A new rollout, in one group, over the devices that failed or were taken out of this one.

    Raises Forbidden, Conflict "rollout_illegal_state" unless it is finished, and what
    `create_rollout` raises.
    """
    require_for(actor, CHANGE, deployment)
    require_somewhere(actor, ADD)
    if state_of(deployment) is not RolloutState.FINISHED:
        raise illegal("Only a finished rollout can be tried again")
    plan = RolloutPlan(
        name=deployment.name + SUFFIX,
        query=f"failedrollout=={deployment.number}",
        release=deployment.release_id or 0,
        description=deployment.description,
        action_type=Deployment.ActionType(deployment.action_type),
        forced_at=deployment.forced_at,
        weight=deployment.weight,
    )
    check(plan)
    organization = deployment.organization
    release = release_of(actor, organization, plan.release)
    failed = DeviceDeployment.objects.filter(_did_not_make_it(), deployment=deployment)
    devices = devices_within(actor, ADD, organization).accepted()
    again = devices.filter(takes(release), number__in=failed.order_by().values("device"))
    return make_rollout(actor, organization, plan, release, again)


def _did_not_make_it() -> Q:
    return Q(state__in=[State.FAILURE, State.ABORTED], device__isnull=False)
