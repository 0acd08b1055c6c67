"""A rollout from its start to its end: groups open, fail, wait for people, and are through."""

from datetime import timedelta

import pytest
from django.utils import timezone

from auditlog.models import AuditEntry
from deployments import pausing
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.noticing import notice
from deployments.rollouts.approving import approve, deny
from deployments.rollouts.plans import Conditions
from deployments.rollouts.running import run_rollouts
from deployments.rollouts.starting import start, start_due, trigger_next_group
from deployments.rollouts.states import RolloutState
from deployments.rollouts.totals import totals_of
from deployments.signals import PhaseEvent, phase_changed
from deployments.states import State
from fleet.errors import Conflict, Forbidden
from fleet.models import Role
from fleet.policies import set_policies
from tests.deployments.calls import offered, say
from tests.deployments.rollouts.makers import (
    come_round,
    finish,
    groups,
    make_fleet,
    make_rollout,
    make_started,
    opened,
    state,
)
from tests.make import make_actor, make_organization

pytestmark = pytest.mark.django_db
PAUSE = Phase.SuccessAction.PAUSE


def told(rollout: Deployment) -> list[str]:
    (totals,) = totals_of([Deployment.objects.get(number=rollout.number)])
    return [str(group.state) for group in totals.groups]


def test_one_group_after_the_other_until_it_is_finished() -> None:
    rollout, devices = make_started(4)
    assert opened(rollout) == 1
    assert (state(rollout), told(rollout)) == (RolloutState.RUNNING, ["running", "scheduled"])
    assert [offered(device) != "" for device in devices] == [True, True, False, False]
    finish(rollout, devices[:1])
    come_round()
    assert told(rollout) == ["running", "running"]
    finish(rollout, devices[1:3])
    come_round()
    assert told(rollout) == ["finished", "running"]
    finish(rollout, devices[3:])
    come_round()
    assert (state(rollout), told(rollout)) == (RolloutState.FINISHED, ["finished", "finished"])
    rollout.refresh_from_db()
    assert rollout.finished_at is not None
    assert rollout.aborted_at is None


def test_nothing_begins_before_it_is_started() -> None:
    home = make_organization()
    (device,) = make_fleet(home, 1)
    rollout = make_rollout(home)
    come_round()
    assert offered(device) == ""
    assert (state(rollout), told(rollout)) == (RolloutState.READY, ["ready", "ready"])


def test_too_many_failures_pause_it_before_the_next_group() -> None:
    rollout, devices = make_started(8, conditions=Conditions(success=25, error=25))
    finish(rollout, devices[:1])
    finish(rollout, devices[1:3], State.FAILURE)
    come_round()
    rollout.refresh_from_db()
    assert opened(rollout) == 1
    assert (state(rollout), told(rollout)) == (RolloutState.PAUSED, ["error", "scheduled"])
    assert rollout.paused_reason == "group-1 has more than 25 % failures"
    assert offered(devices[3]) == ""
    assert AuditEntry.objects.filter(action="pause", object_id=str(rollout.id)).count() == 1


def test_failures_while_the_next_group_runs_pause_it_too() -> None:
    rollout, devices = make_started(12, amount=3, conditions=Conditions(50, error=25))
    finish(rollout, devices[:2])
    come_round()
    assert opened(rollout) == 2
    finish(rollout, devices[2:4], State.FAILURE)
    finish(rollout, devices[4:8])
    come_round()
    assert opened(rollout) == 2
    assert told(rollout) == ["error", "finished", "scheduled"]


def test_resumed_after_a_failure_it_goes_on_with_the_next_group() -> None:
    rollout, devices = make_started(4, conditions=Conditions(error=0))
    finish(rollout, devices[:1], State.FAILURE)
    come_round()
    rollout.refresh_from_db()
    pausing.resume(actor=make_actor(rollout.organization), deployment=rollout)
    assert opened(rollout) == 2
    come_round()
    assert (state(rollout), told(rollout)) == (RolloutState.RUNNING, ["error", "running"])
    finish(rollout, devices[1:])
    come_round()
    assert (state(rollout), told(rollout)) == (RolloutState.FINISHED, ["error", "finished"])


def test_the_last_group_too_waits_for_people_when_it_fails() -> None:
    rollout, devices = make_started(1, amount=1)
    finish(rollout, devices, State.FAILURE)
    come_round()
    assert state(rollout) is RolloutState.PAUSED
    rollout.refresh_from_db()
    pausing.resume(actor=make_actor(rollout.organization), deployment=rollout)
    assert state(rollout) is RolloutState.FINISHED


def test_people_are_asked_between_groups_where_that_is_the_success_action() -> None:
    rollout, devices = make_started(4, conditions=Conditions(success_action=PAUSE))
    finish(rollout, devices[:1])
    come_round()
    rollout.refresh_from_db()
    assert (state(rollout), opened(rollout)) == (RolloutState.PAUSED, 1)
    assert rollout.paused_reason == "group-1 has succeeded"
    pausing.resume(actor=make_actor(rollout.organization), deployment=rollout)
    come_round()
    assert (state(rollout), opened(rollout)) == (RolloutState.RUNNING, 2)


def test_paused_by_hand_no_group_opens_until_it_is_resumed() -> None:
    rollout, devices = make_started(4)
    actor = make_actor(rollout.organization)
    offered(devices[0])
    pausing.pause(actor=actor, deployment=rollout)
    say(devices[0], rollout, "success")
    come_round()
    assert opened(rollout) == 1
    assert offered(devices[1]) == ""
    pausing.resume(actor=actor, deployment=rollout)
    assert opened(rollout) == 2
    assert offered(devices[1]) != ""


def test_resumed_before_its_time_the_next_group_stays_closed() -> None:
    rollout, _devices = make_started(4)
    actor = make_actor(rollout.organization)
    pausing.pause(actor=actor, deployment=rollout)
    pausing.resume(actor=actor, deployment=rollout)
    come_round()
    assert opened(rollout) == 1


def test_the_next_group_can_be_triggered() -> None:
    rollout, devices = make_started(4)
    actor = make_actor(rollout.organization)
    trigger_next_group(actor=actor, deployment=rollout)
    assert opened(rollout) == 2
    with pytest.raises(Conflict) as caught:
        trigger_next_group(actor=actor, deployment=rollout)
    assert caught.value.code == "rollout_illegal_state"
    finish(rollout, devices)
    come_round()
    assert state(rollout) is RolloutState.FINISHED


def test_no_group_is_triggered_after_one_that_has_failed() -> None:
    rollout, devices = make_started(2, conditions=Conditions(error=0))
    finish(rollout, devices[:1], State.FAILURE)
    with pytest.raises(Conflict):
        trigger_next_group(actor=make_actor(rollout.organization), deployment=rollout)
    assert opened(rollout) == 1


def test_groups_of_nobody_are_passed_at_once() -> None:
    rollout, devices = make_started(1, amount=4)
    come_round()
    finish(rollout, devices)
    come_round()
    assert state(rollout) is RolloutState.FINISHED


def test_it_starts_by_itself_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_organization()
    make_fleet(home, 2)
    soon = timezone.now() + timedelta(hours=1)
    rollout = make_rollout(home, start_at=soon)
    run_rollouts()
    assert state(rollout) is RolloutState.READY
    monkeypatch.setattr(timezone, "now", lambda: soon)
    run_rollouts()
    assert opened(rollout) == 1
    assert not start_due(rollout.number)
    monkeypatch.undo()
    past = make_rollout(home, name="at once", start_at=timezone.now() - timedelta(days=1))
    assert state(past) is RolloutState.STARTING
    run_rollouts()
    assert state(past) is RolloutState.RUNNING


def test_it_is_started_once() -> None:
    rollout, _ = make_started(2)
    actor = make_actor(rollout.organization)
    with pytest.raises(Conflict) as caught:
        start(actor=actor, deployment=rollout)
    assert caught.value.code == "rollout_illegal_state"


def test_it_waits_for_approval_where_the_organization_wants_that() -> None:
    home = make_organization()
    make_fleet(home, 2)
    actor = make_actor(home)
    values = {"rollout_approval_enabled": True}
    set_policies(actor=actor, organization=home, values=values)
    past = timezone.now() - timedelta(days=1)
    rollout = make_rollout(home, start_at=past)
    assert state(rollout) is RolloutState.WAITING_FOR_APPROVAL
    come_round()
    with pytest.raises(Conflict):
        start(actor=actor, deployment=rollout)
    assert opened(rollout) == 0
    approve(actor=actor, deployment=rollout, remark="looks good")
    assert (rollout.approval_by, rollout.approval_remark) == (actor.name, "looks good")
    come_round()
    assert state(rollout) is RolloutState.RUNNING
    with pytest.raises(Conflict):
        deny(actor=actor, deployment=rollout)


def test_what_was_denied_never_starts() -> None:
    home = make_organization()
    make_fleet(home, 2)
    actor = make_actor(home)
    values = {"rollout_approval_enabled": True}
    set_policies(actor=actor, organization=home, values=values)
    rollout = make_rollout(home)
    deny(actor=actor, deployment=rollout, remark="no")
    assert state(rollout) is RolloutState.APPROVAL_DENIED
    for decide in (approve, deny):
        with pytest.raises(Conflict):
            decide(actor=actor, deployment=rollout)
    with pytest.raises(Conflict):
        start(actor=actor, deployment=rollout)


def test_it_takes_back_what_its_devices_were_to_install() -> None:
    home = make_organization()
    devices = make_fleet(home, 2)
    older = make_rollout(home, name="older", amount=1)
    start(actor=make_actor(home), deployment=older)
    assert offered(devices[0]) == str(older.id)
    newer = make_rollout(home, name="newer", amount=2)
    start(actor=make_actor(home), deployment=newer)
    assert offered(devices[0]) == str(older.id)
    come_round()
    states = dict(
        DeviceDeployment.objects.filter(deployment=older).values_list("device_name", "state")
    )
    assert states == {"d0": "aborted", "d1": "pending"}
    assert offered(devices[0]) == str(newer.id)
    assert offered(devices[1]) == str(older.id)


def test_a_group_that_waits_is_taken_over_by_a_rollout_that_starts_later() -> None:
    home = make_organization()
    devices = make_fleet(home, 4)
    older = make_rollout(home, name="older", amount=2)
    newer = make_rollout(home, name="newer", amount=1, query="name==d3")
    for rollout in (older, newer):
        start(actor=make_actor(home), deployment=rollout)
    come_round()
    rows = DeviceDeployment.objects.filter(deployment=older, device=devices[3])
    assert rows.get().state == State.ABORTED


def test_who_was_assigned_it_before_has_nothing_to_do() -> None:
    home = make_organization()
    devices = make_fleet(home, 2)
    first = make_rollout(home, name="first", amount=1, query="name==d0")
    start(actor=make_actor(home), deployment=first)
    come_round()
    finish(first, devices[:1])
    come_round()
    release = first.release
    again = make_rollout(home, name="again", amount=1, release=release)
    start(actor=make_actor(home), deployment=again)
    come_round()
    rows = DeviceDeployment.objects.filter(deployment=again).order_by("number")
    assert [row.state for row in rows] == [State.ALREADY_INSTALLED, State.PENDING]


def test_others_are_told_of_each_group_once() -> None:
    heard: list[tuple[int, PhaseEvent]] = []

    def hear(phase: int, event: PhaseEvent, **_: object) -> None:
        heard.append((phase, event))

    phase_changed.connect(hear)
    try:
        rollout, devices = make_started(2)
        notice()
        finish(rollout, devices[:1])
        come_round()
        notice()
        finish(rollout, devices[1:])
        come_round()
        notice()
    finally:
        phase_changed.disconnect(hear)
    first, second = (group.number for group in groups(rollout))
    opening, end = PhaseEvent.OPENED, PhaseEvent.FINISHED
    assert sorted(heard) == sorted(
        [(first, opening), (first, end), (second, opening), (second, end)]
    )
    assert heard.index((first, opening)) < heard.index((first, end))


def test_a_viewer_changes_nothing() -> None:
    home = make_organization()
    make_fleet(home, 1)
    rollout, viewer = make_rollout(home), make_actor(home, Role.VIEWER)
    for change in (start, approve, deny, trigger_next_group):
        with pytest.raises(Forbidden):
            change(actor=viewer, deployment=rollout)
