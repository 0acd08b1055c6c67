"""The deploy groups of a rollout and their targets. Source: hawkBit, rollouts."""

from typing import Any

from api.hawkbit.errors import not_found
from api.hawkbit.finding import target_rows
from api.hawkbit.listing.rollouts import DEPLOY_GROUPS
from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.requests import Call
from api.hawkbit.resources import Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.rollouts import group_told, groups_listed
from api.hawkbit.shapes.targets import targets_listed
from api.hawkbit.views.rollouts import in_full, rollout_of
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.rollouts.totals import totals_of


class DeployGroups(Resource):
    needs = {"GET": (Right.READ_ROLLOUT,)}

    def get(self, call: Call, rollout_id: int) -> dict[str, Any]:
        rollout = rollout_of(call, rollout_id, deleted=True)
        rows, full = Phase.objects.filter(deployment=rollout), in_full(call)
        return listed(
            call,
            DEPLOY_GROUPS,
            rows,
            lambda page: groups_listed(call, rollout, page, in_full=full),
        )


class DeployGroup(Resource):
    needs = {"GET": (Right.READ_ROLLOUT,)}

    def get(self, call: Call, rollout_id: int, group_id: int) -> dict[str, Any]:
        rollout = rollout_of(call, rollout_id, deleted=True)
        phase = _group_of(rollout, group_id)
        (totals,) = totals_of([rollout])
        group = next(each for each in totals.groups if each.phase.number == phase.number)
        return group_told(call, rollout, group)


class TargetsOfGroup(Resource):
    """Those that the caller sees of them."""

    needs = {"GET": (Right.READ_ROLLOUT, Right.READ_TARGET)}

    def get(self, call: Call, rollout_id: int, group_id: int) -> dict[str, Any]:
        phase = _group_of(rollout_of(call, rollout_id, deleted=True), group_id)
        parts = DeviceDeployment.objects.filter(
            deployment=phase.deployment_id, phase=phase, device__isnull=False
        )
        rows = target_rows(call).filter(number__in=parts.order_by().values("device"))
        return listed(call, TARGETS, rows, lambda page: targets_listed(call, page))


def _group_of(rollout: Deployment, number: int) -> Phase:
    phase = Phase.objects.filter(deployment=rollout, number=number).first()
    if phase is None:
        raise not_found("RolloutGroup", number)
    return phase
