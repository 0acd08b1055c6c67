"""What is to become of a rollout, by how its groups have gone. Pure rules; hawkBit's order.

A group has failed with *more* failures than its error threshold, and has succeeded with *at least*
the devices of its success threshold done, or with nothing left to do: what was canceled and what
nothing fitted counts as neither. The group that was opened last says whether the next one opens.
"""

import enum
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deployments.models import Deployment, Phase
from deployments.states import OPEN, State
from deployments.statistics import Counts

DONE = (State.SUCCESS, State.ALREADY_INSTALLED, State.DOWNLOADED)


class Step(enum.Enum):
    NOTHING = enum.auto()
    # The group has failed: nobody begins until somebody resumes the rollout.
    FAIL = enum.auto()
    # The group opens.
    OPEN = enum.auto()
    # The group has succeeded, and people are to look at it before the next one.
    PAUSE = enum.auto()
    # All of the newcomers' group is there and has succeeded: there is another one.
    EXTEND = enum.auto()
    FINISH = enum.auto()


class Decision(NamedTuple):
    step: Step
    phase: Phase | None = None


NOTHING = Decision(Step.NOTHING)


def decide(
    deployment: Deployment,
    phases: Sequence[Phase],
    counted: Mapping[int | None, Counts],
    *,
    is_resumed: bool = False,
) -> Decision:
    """The next step of a rollout that has begun and is not paused; its phases in their order.

    While it `is_resumed` people have looked at it: nothing is paused for them again.
    """
    opened = [phase for phase in phases if phase.starts_at is not None]
    if not opened:
        return NOTHING
    if failed := failed_group(deployment, phases, counted):
        return Decision(Step.FAIL, failed)
    last = opened[-1]
    has_failed_before = last.failed_at is not None
    if not has_failed_before and not has_succeeded(deployment, last, counted.get(last.number, {})):
        return NOTHING
    following = next_step(deployment, phases)
    if following.step is Step.FINISH:
        return following if all(map(is_complete, counted.values())) else NOTHING
    asks = last.success_action == Phase.SuccessAction.PAUSE
    if asks and not is_resumed and not has_failed_before:
        return Decision(Step.PAUSE, last)
    return following


def next_step(deployment: Deployment, phases: Sequence[Phase]) -> Decision:
    """What comes after the group that was opened last, whenever that is."""
    following = next((phase for phase in phases if phase.starts_at is None), None)
    if following is not None:
        return Decision(Step.OPEN, following)
    return Decision(Step.EXTEND if deployment.newcomers else Step.FINISH)


def failed_group(
    deployment: Deployment, phases: Sequence[Phase], counted: Mapping[int | None, Counts]
) -> Phase | None:
    """The first open group that has failed without anybody having been told."""
    for phase in phases:
        is_judged = phase.starts_at is None or phase.failed_at is not None
        if not is_judged and has_failed(deployment, phase, counted.get(phase.number, {})):
            return phase
    return None


def has_failed(deployment: Deployment, phase: Phase, counted: Counts) -> bool:
    failures = counted.get(State.FAILURE, 0)
    threshold = 50 if phase.error_threshold is None else phase.error_threshold
    return failures * 100 > threshold * _expected(deployment, phase)


def has_succeeded(deployment: Deployment, phase: Phase, counted: Counts) -> bool:
    expected = _expected(deployment, phase)
    threshold = 50 if phase.success_threshold is None else phase.success_threshold
    done = sum(counted.get(state, 0) for state in DONE)
    is_there = not phase.is_for_newcomers or (phase.size or 0) >= expected
    return is_there and (done * 100 >= threshold * expected or is_complete(counted))


def is_complete(counted: Counts) -> bool:
    return not any(counted.get(state) for state in OPEN)


def _expected(deployment: Deployment, phase: Phase) -> int:
    """Of how many devices the thresholds are shares: newcomers are waited for."""
    if phase.is_for_newcomers and deployment.newcomers:
        return int(deployment.newcomers["target_count"])
    return phase.size or 0
