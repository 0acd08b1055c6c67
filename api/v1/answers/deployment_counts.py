"""What is counted of a deployment, and what would become of one, as calls are answered."""

from collections.abc import Mapping
from typing import Any

from deployments.models import Deployment
from deployments.planning import Plan
from deployments.previewing import Preview
from deployments.rehearsal import Rehearsal
from deployments.retrying import Retried
from deployments.states import State
from deployments.statistics import Counts

Target = Deployment.Target


def statistics_shape(
    deployment: Deployment, counted: Counts, by_phase: Mapping[int | None, Counts]
) -> dict[str, Any]:
    """`states` has every state; who has not been let in is counted under no phase."""
    numbers = [None, *(phase.number for phase in deployment.phases.all())]
    places = dict(zip(numbers, range(len(numbers)), strict=True))
    return {
        "devices": sum(counted.values()),
        "states": _states(counted),
        "phases": [
            {"phase": places[number] or None, "states": _states(by_phase.get(number, {}))}
            for number in numbers
        ],
    }


def _states(counted: Mapping[State, int]) -> dict[str, int]:
    return {state.value: counted.get(state, 0) for state in State}


def preview_shape(preview: Preview, plan: Plan) -> dict[str, Any]:
    """`will`, `later` and `never` count devices: who gets it, of them after something else first,
    and who ends without it."""
    is_listed = plan.target == Target.DEVICES and not plan.q
    read = Rehearsal(preview, is_listed=is_listed, is_dynamic=plan.target == Target.FILTER)
    problem = preview.problem
    return {
        "devices": preview.devices,
        "will": read.will,
        "later": sum(reason.devices for reason in read.later),
        "never": read.without,
        "phases": [
            {
                "position": position,
                "percent": each.percent,
                "starts_at": each.starts_at,
                "devices": each.devices,
                "quota": each.quota,
            }
            for position, each in enumerate(preview.phases, 1)
        ],
        "left_out": [
            {
                "reason": each.reason,
                "devices": each.devices,
                "names": list(each.names),
                "device_type": each.device_type or None,
            }
            for each in preview.left_out
        ],
        "problem": problem
        and {"code": problem.code, "detail": problem.message, "field": problem.field or None},
    }


def retried_shape(retried: Retried) -> dict[str, Any]:
    """How many wait again, and how many cannot, by reason; the job that does the rest of many."""
    return {
        "retried": retried.devices,
        "left_behind": [
            {"reason": reason, "devices": devices}
            for reason, devices in retried.left_behind.items()
        ],
        "job": str(retried.job.id) if retried.job else None,
    }
