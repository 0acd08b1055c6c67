"""What is to become of a rollout, by how many of each group stand where."""

import pytest

from deployments.models import Deployment, Phase
from deployments.rollouts.judging import Decision, Step, decide
from deployments.states import State
from deployments.statistics import Counts

S = State
PAUSE = Phase.SuccessAction.PAUSE


def group(number: int, size: int = 10, **facts: object) -> Phase:
    facts = {"success_threshold": 50, "error_threshold": 50} | facts
    opened = {"starts_at": Deployment().created_at} if facts.pop("opened", False) else {}
    return Phase(number=number, position=number - 1, size=size, **facts, **opened)


def judged(counted: Counts, *, following: bool = True, **facts: object) -> Step:
    """What comes of a rollout whose first group stands so, and has the second before it."""
    phases = [group(1, opened=True, **facts), *([group(2)] if following else [])]
    return decide(Deployment(), phases, {1: counted}).step


@pytest.mark.parametrize(
    ("failures", "threshold", "step"),
    [
        (5, 50, Step.NOTHING),  # as many as the threshold are not more
        (6, 50, Step.FAIL),
        (0, 0, Step.NOTHING),
        (1, 0, Step.FAIL),
        (9, 100, Step.NOTHING),
        (10, 100, Step.OPEN),  # all of them are not more than all, and nothing is left to do
        (3, 33, Step.NOTHING),
        (4, 33, Step.FAIL),
    ],
)
def test_a_group_has_failed_with_more_failures_than_its_threshold(
    failures: int, threshold: int, step: Step
) -> None:
    counted = {S.FAILURE: failures, S.PENDING: 10 - failures}
    assert judged(counted, error_threshold=threshold, success_threshold=100) is step


@pytest.mark.parametrize(
    ("counted", "threshold", "step"),
    [
        ({S.SUCCESS: 4, S.PENDING: 6}, 50, Step.NOTHING),
        ({S.SUCCESS: 5, S.PENDING: 5}, 50, Step.OPEN),
        ({S.SUCCESS: 3, S.ALREADY_INSTALLED: 1, S.DOWNLOADED: 1, S.PENDING: 5}, 50, Step.OPEN),
        ({S.PENDING: 10}, 0, Step.OPEN),
        ({S.SUCCESS: 9, S.INSTALLING: 1}, 100, Step.NOTHING),
        ({S.SUCCESS: 10}, 100, Step.OPEN),
        # Neither finished nor an error; but once nothing is left to do, the group is through.
        ({S.ABORTED: 5, S.NO_ARTIFACT: 2, S.DECOMMISSIONED: 2, S.PENDING: 1}, 50, Step.NOTHING),
        ({S.ABORTED: 5, S.NO_ARTIFACT: 3, S.DECOMMISSIONED: 2}, 50, Step.OPEN),
        ({S.FAILURE: 5, S.ABORTED: 5}, 50, Step.OPEN),
    ],
)
def test_a_group_has_succeeded_at_its_threshold_or_when_it_is_through(
    counted: Counts, threshold: int, step: Step
) -> None:
    assert judged(counted, success_threshold=threshold) is step


def test_errors_come_before_success() -> None:
    counted = {S.SUCCESS: 4, S.FAILURE: 6}
    assert judged(counted, success_threshold=40) is Step.FAIL


def test_a_group_of_nobody_has_succeeded() -> None:
    assert judged({}, size=0) is Step.OPEN


def test_the_group_before_fails_too_while_the_next_one_runs() -> None:
    phases = [group(1, opened=True), group(2, opened=True), group(3)]
    counted = {1: {S.SUCCESS: 4, S.FAILURE: 6}, 2: {S.SUCCESS: 10}}
    assert decide(Deployment(), phases, counted) == Decision(Step.FAIL, phases[0])


def test_it_asks_people_after_a_group_and_never_twice() -> None:
    phases = [group(1, opened=True, success_action=PAUSE), group(2)]
    counted = {1: {S.SUCCESS: 10}}
    assert decide(Deployment(), phases, counted).step is Step.PAUSE
    resumed = decide(Deployment(), phases, counted, is_resumed=True)
    assert resumed == Decision(Step.OPEN, phases[1])


def test_a_resumed_rollout_that_is_not_there_yet_goes_on_as_it_was() -> None:
    phases = [group(1, opened=True, success_action=PAUSE), group(2)]
    assert decide(Deployment(), phases, {1: {S.PENDING: 10}}, is_resumed=True).step is Step.NOTHING


def test_after_a_group_that_has_failed_the_next_one_opens() -> None:
    failed_at = Deployment().created_at
    phases = [group(1, opened=True, failed_at=failed_at, success_action=PAUSE), group(2)]
    counted = {1: {S.FAILURE: 6, S.PENDING: 4}}
    assert decide(Deployment(), phases, counted) == Decision(Step.OPEN, phases[1])


def test_it_is_finished_once_no_group_has_anybody_left() -> None:
    assert judged({S.SUCCESS: 9, S.PENDING: 1}, following=False) is Step.NOTHING
    assert judged({S.SUCCESS: 10}, following=False, success_action=PAUSE) is Step.FINISH
    phases = [group(1, opened=True), group(2, opened=True)]
    counted = {1: {S.SUCCESS: 9, S.PENDING: 1}, 2: {S.SUCCESS: 10}}
    assert decide(Deployment(), phases, counted).step is Step.NOTHING


def test_nothing_is_judged_before_it_begins() -> None:
    assert decide(Deployment(), [group(1), group(2)], {}).step is Step.NOTHING


def newcomers(size: int, counted: Counts) -> Step:
    rollout = Deployment(newcomers={"target_count": 10, "name_suffix": ""})
    last = group(2, size=size, opened=True, is_for_newcomers=True)
    return decide(rollout, [group(1, opened=True), last], {1: {S.SUCCESS: 10}, 2: counted}).step


def test_newcomers_are_waited_for() -> None:
    assert newcomers(0, {}) is Step.NOTHING
    assert newcomers(9, {S.SUCCESS: 9}) is Step.NOTHING
    assert newcomers(10, {S.SUCCESS: 5, S.PENDING: 5}) is Step.EXTEND
    assert newcomers(6, {S.FAILURE: 5, S.PENDING: 1}) is Step.NOTHING
    assert newcomers(6, {S.FAILURE: 6}) is Step.FAIL
