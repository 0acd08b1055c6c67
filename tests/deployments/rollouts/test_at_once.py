"""Devices report, workers judge and people act on the same rollout at the same time."""

from contextlib import suppress
from functools import partial

import pytest

from deployments.models import Deployment, DeviceDeployment
from deployments.rollouts.evaluating import evaluate
from deployments.rollouts.plans import Conditions
from deployments.rollouts.running import run_rollouts
from deployments.rollouts.starting import start, trigger_next_group
from deployments.rollouts.states import RolloutState
from deployments.rollouts.stopping import stop
from deployments.rollouts.taking_over import TAKE_OVER
from deployments.states import State
from fleet.errors import Conflict
from fleet.models import Device
from jobs.models import Job
from jobs.running import run_due
from tests.at_once import at_once
from tests.deployments.calls import call, say
from tests.deployments.rollouts.makers import (
    come_round,
    groups,
    make_fleet,
    make_rollout,
    make_started,
    opened,
    state,
)
from tests.make import make_actor, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def begin(devices: list[Device]) -> None:
    for device in devices:
        assert call(device) is not None


def ending(rollout: Deployment, device: Device, word: State) -> partial[None]:
    return partial(say, device, rollout, word)


def takeovers(rollout: Deployment) -> int:
    """How often a group was opened."""
    numbers = [group.number for group in groups(rollout)]
    return Job.objects.filter(kind=TAKE_OVER, arguments__phase__in=numbers).count()


def test_a_group_that_has_failed_opens_no_other_whoever_reports_success_meanwhile() -> None:
    rollout, devices = make_started(20, conditions=Conditions(success=50, error=30))
    begin(devices[:10])
    for device in devices[:4]:
        DeviceDeployment.objects.filter(deployment=rollout, device=device).update(
            state=State.FAILURE, is_open=False, finished_at=rollout.created_at
        )
    reports = [ending(rollout, device, State.SUCCESS) for device in devices[4:10]]
    at_once([*reports, *[partial(evaluate, rollout.number)] * 6, run_rollouts], threads=12)
    assert opened(rollout) == 1
    assert state(rollout) is RolloutState.PAUSED
    assert groups(rollout)[0].failed_at is not None


def test_however_reports_of_both_kinds_meet_it_ends_up_paused() -> None:
    rollout, devices = make_started(20, conditions=Conditions(success=50, error=30))
    begin(devices[:10])
    words = [State.FAILURE, State.SUCCESS] * 5
    reports = [
        ending(rollout, device, word) for device, word in zip(devices[:10], words, strict=True)
    ]
    judging = [partial(evaluate, rollout.number)] * 10
    at_once([each for pair in zip(reports, judging, strict=True) for each in pair], threads=10)
    come_round()
    assert state(rollout) is RolloutState.PAUSED
    assert takeovers(rollout) == opened(rollout) <= 2


def test_a_group_is_opened_once_by_however_many() -> None:
    rollout, devices = make_started(12, amount=3)
    begin(devices[:4])
    reports = [ending(rollout, device, State.SUCCESS) for device in devices[:4]]
    at_once([*reports, *[partial(evaluate, rollout.number)] * 8, *[run_rollouts] * 2], threads=10)
    come_round()
    assert opened(rollout) == takeovers(rollout) == 2


def test_it_is_started_once_by_however_many() -> None:
    home = make_organization()
    make_fleet(home, 4)
    rollout = make_rollout(home)

    def try_to_start() -> bool:
        try:
            start(actor=make_actor(home), deployment=Deployment.objects.get(number=rollout.number))
        except Conflict:
            return False
        return True

    assert sum(at_once([try_to_start] * 8, threads=8)) == 1
    assert opened(rollout) == takeovers(rollout) == 1


def test_devices_call_while_their_rows_are_taken_over() -> None:
    home = make_organization()
    devices, actor = make_fleet(home, 12), make_actor(home)
    older = make_rollout(home, name="older", amount=1)
    newer = make_rollout(home, name="newer", amount=1)
    start(actor=actor, deployment=older)
    run_due()
    start(actor=actor, deployment=newer)
    at_once([run_due, *[partial(call, device) for device in devices]], threads=8)
    for device in devices:
        offer = call(device)
        assert offer is not None
        assert offer.deployment_id == newer.id


def test_stopped_while_a_group_is_triggered_nobody_is_left_in_it() -> None:
    rollout, devices = make_started(12, amount=3)
    actor = make_actor(rollout.organization)

    def trigger() -> None:
        with suppress(Conflict):
            trigger_next_group(actor=actor, deployment=rollout)

    halt = partial(stop, actor=actor, deployment=rollout)
    at_once([trigger, halt, *[partial(call, device) for device in devices], trigger], threads=8)
    come_round()
    come_round()
    assert not DeviceDeployment.objects.unfinished().filter(deployment=rollout).exists()
    assert state(rollout) is RolloutState.STOPPED
