"""Rollouts, and what is done with them. Source: hawkBit, rollouts.

What was planned in another dialect is told of as a rollout too, its phases as deploy groups.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q

from api.hawkbit.errors import not_found
from api.hawkbit.listing.rollouts import ROLLOUTS
from api.hawkbit.lists import listed
from api.hawkbit.members import text_of
from api.hawkbit.requests import Call, json_object
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import PERMISSIONS, Right
from api.hawkbit.rollout_bodies import plan_of
from api.hawkbit.shapes.rollouts import read, rollouts_in_full, rollouts_listed
from deployments.models import Deployment, DeploymentQuerySet
from deployments.reach import deployments_within, holds_for
from deployments.rollouts import approving, pausing, starting, stopping
from deployments.rollouts.creating import create_rollout
from deployments.rollouts.deleting import delete
from deployments.rollouts.retrying import retry
from deployments.rollouts.updating import update

SHOWN = Q(origin__in=[Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT])
VIEW = PERMISSIONS[Right.READ_ROLLOUT]
FULL = "full"


class Rollouts(Resource):
    needs = {"GET": (Right.READ_ROLLOUT,), "POST": (Right.CREATE_ROLLOUT, Right.READ_REPOSITORY)}

    def get(self, call: Call) -> dict[str, Any]:
        tell = rollouts_in_full if in_full(call) else rollouts_listed
        return listed(call, ROLLOUTS, rollouts_of(call), lambda page: tell(call, page))

    def post(self, call: Call) -> Answer:
        plan = plan_of(json_object(call))
        made = create_rollout(actor=call.actor, organization=call.organization, plan=plan)
        return Answer(CREATED, shown(call, made.number))


class Rollout(Resource):
    """One alone can be seen after it was deleted, unless it had never begun."""

    needs = {
        "GET": (Right.READ_ROLLOUT,),
        "PUT": (Right.UPDATE_ROLLOUT,),
        "DELETE": (Right.DELETE_ROLLOUT,),
    }

    def get(self, call: Call, rollout_id: int) -> dict[str, Any]:
        return shown(call, rollout_id)

    def put(self, call: Call, rollout_id: int) -> dict[str, Any]:
        rollout, body = rollout_of(call, rollout_id), json_object(call)
        name, description = text_of(body, "name"), text_of(body, "description")
        update(actor=call.actor, deployment=rollout, name=name, description=description)
        return shown(call, rollout_id)

    def delete(self, call: Call, rollout_id: int) -> Answer:
        delete(actor=call.actor, deployment=rollout_of(call, rollout_id))
        return NOTHING


class Retry(Resource):
    needs = {"POST": (Right.CREATE_ROLLOUT,)}
    bodies: ClassVar[frozenset[str]] = frozenset()

    def post(self, call: Call, rollout_id: int) -> Answer:
        made = retry(actor=call.actor, deployment=rollout_of(call, rollout_id))
        return Answer(CREATED, shown(call, made.number))


class Change(Resource):
    """One of the verbs: `change` does it, and there is nothing to tell."""

    needs = {"POST": (Right.HANDLE_ROLLOUT,)}
    bodies: ClassVar[frozenset[str]] = frozenset()
    change: Callable[..., None]

    def post(self, call: Call, rollout_id: int) -> Answer:
        self.change(actor=call.actor, deployment=rollout_of(call, rollout_id))
        return NOTHING


class Start(Change):
    change = staticmethod(starting.start)


class Pause(Change):
    change = staticmethod(pausing.pause)


class Resume(Change):
    change = staticmethod(pausing.resume)


class Stop(Change):
    change = staticmethod(stopping.stop)


class TriggerNextGroup(Change):
    change = staticmethod(starting.trigger_next_group)


class Verdict(Resource):
    """`decide` with the remark in the address."""

    needs = {"POST": (Right.APPROVE_ROLLOUT,)}
    bodies: ClassVar[frozenset[str]] = frozenset()
    decide: Callable[..., None]

    def post(self, call: Call, rollout_id: int) -> Answer:
        rollout, remark = rollout_of(call, rollout_id), call.GET.get("remark", "")
        self.decide(actor=call.actor, deployment=rollout, remark=remark)
        return NOTHING


class Approve(Verdict):
    decide = staticmethod(approving.approve)


class Deny(Verdict):
    decide = staticmethod(approving.deny)


def in_full(call: Call) -> bool:
    return call.GET.get("representation", "").lower() == FULL


def rollouts_of(call: Call) -> DeploymentQuerySet:
    """Those that the caller may see, as lists tell of them; raises Forbidden if there are none."""
    return read(deployments_within(call.actor, VIEW, call.organization).filter(SHOWN))


def rollout_of(call: Call, number: int, *, deleted: bool = False) -> Deployment:
    """Raises Refused (404); those that were deleted only if they are asked for."""
    mine = Deployment.objects.filter(SHOWN, organization=call.organization)
    found = read(mine if deleted else mine.filter(archived_at__isnull=True))
    rollout = found.filter(number=number).first()
    if rollout is None or not holds_for(call.actor, VIEW, rollout):
        raise not_found("Rollout", number)
    return rollout


def shown(call: Call, number: int) -> dict[str, Any]:
    return rollouts_in_full(call, [rollout_of(call, number, deleted=True)])[0]
