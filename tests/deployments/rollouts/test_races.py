"""What people do to a rollout between two steps of whoever carries it on."""

import pytest

from deployments import pausing
from deployments.assigning import Wish, assign
from deployments.cancelling import confirm_cancel, reject_cancel
from deployments.events import Said
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.retrieving import retrieve
from deployments.retrying import retry_failed
from deployments.rollouts.running import run_rollouts
from deployments.rollouts.starting import start
from deployments.rollouts.states import RolloutState
from deployments.rollouts.stopping import stop
from deployments.states import State
from fleet.errors import Conflict
from fleet.models import Organization
from jobs.running import run_due
from tests.deployments.calls import call, offered, part, say
from tests.deployments.rollouts.makers import (
    come_round,
    groups,
    make_fleet,
    make_rollout,
    make_started,
    state,
)
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_distribution_set,
    make_organization,
    make_release,
    make_target,
)

pytestmark = pytest.mark.django_db


def asked_to_leave(organization: Organization) -> tuple[Deployment, DeviceDeployment]:
    """A rollout that a device which speaks hawkBit's language has begun, stopped by now."""
    target = make_target(organization, "a-target")
    release = make_distribution_set(organization)
    rollout, _ = make_started(0, organization=organization, amount=1, release=release)
    retrieve(device=target, action=part(target, rollout).number)
    stop(actor=make_actor(organization), deployment=rollout)
    come_round()
    return rollout, DeviceDeployment.objects.get(deployment=rollout, device=target)


def test_what_is_being_stopped_is_not_paused() -> None:
    rollout, row = asked_to_leave(make_organization())
    with pytest.raises(Conflict):
        pausing.pause(actor=make_actor(rollout.organization), deployment=rollout)
    confirm_cancel(row=row, said=Said())
    come_round()
    assert Deployment.objects.get(number=rollout.number).finished_at is not None


def test_a_pause_that_met_the_stop_keeps_it_from_no_end() -> None:
    rollout, row = asked_to_leave(make_organization())
    Deployment.objects.filter(number=rollout.number).update(
        paused_at=rollout.created_at, paused_by="somebody", paused_reason="by hand"
    )
    confirm_cancel(row=row, said=Said())
    come_round()
    assert state(rollout) is RolloutState.STOPPED
    assert Deployment.objects.get(number=rollout.number).finished_at is not None


@pytest.mark.parametrize("failed", [False, True])
def test_who_refuses_to_leave_a_stopped_rollout_is_asked_once(*, failed: bool) -> None:
    rollout, row = asked_to_leave(make_organization())
    reject_cancel(row=row, said=Said(), failed=failed)
    come_round()
    come_round()
    row.refresh_from_db()
    assert row.cancel_requested_at is None
    asked = StatusEvent.objects.filter(device_deployment=row, kind=StatusEvent.Kind.CANCELING)
    assert asked.count() == 1
    assert state(rollout) is RolloutState.STOPPING
    DeviceDeployment.objects.filter(number=row.number).update(
        state=State.SUCCESS, is_open=False, finished_at=rollout.created_at
    )
    come_round()
    assert state(rollout) is RolloutState.STOPPED


def test_nobody_begins_between_the_stop_and_whoever_carries_it_out() -> None:
    rollout, devices = make_started(2, amount=1)
    stop(actor=make_actor(rollout.organization), deployment=rollout)
    assert offered(devices[0]) == ""
    assert part(devices[0], rollout).admitted_at is None


def test_a_stopped_rollout_takes_nothing_from_its_devices_any_more() -> None:
    home = make_organization()
    devices, actor = make_fleet(home, 1), make_actor(home)
    older = make_deployment(home, devices=devices)
    rollout = make_rollout(home, amount=1)
    start(actor=actor, deployment=rollout)
    stop(actor=actor, deployment=rollout)
    run_due()
    run_rollouts()
    assert part(devices[0], older).is_open
    assert offered(devices[0]) == str(older.id)


def test_what_was_planned_after_a_group_opened_is_not_taken_back_by_it() -> None:
    home = make_organization()
    devices, actor = make_fleet(home, 1), make_actor(home)
    rollout = make_rollout(home, amount=1)
    start(actor=actor, deployment=rollout)
    later = make_deployment(home, devices=devices)
    run_due()
    assert part(devices[0], later).is_open
    assert call(devices[0]) is not None
    say(devices[0], rollout, "installing", "success")
    assert offered(devices[0]) == str(later.id)


def test_what_was_assigned_after_a_migration_step_opened_is_not_taken_back_by_it() -> None:
    home = make_organization()
    devices, actor = make_fleet(home, 1), make_actor(home)
    step = make_artifact(make_release(home)).release
    step.is_migration_step = True
    step.save()
    rollout = make_rollout(home, amount=1, release=step)
    start(actor=actor, deployment=rollout)
    release = make_artifact(make_release(home)).release
    assign(actor=actor, organization=home, wishes=[Wish(devices[0], release.number)])
    run_due()
    rows = DeviceDeployment.objects.filter(device=devices[0])
    assert [row.is_open for row in rows.order_by("deployment")] == [True, True]


def test_a_rollout_begun_after_a_group_opened_keeps_those_who_wait_in_it() -> None:
    home = make_organization()
    make_fleet(home, 2)
    actor = make_actor(home)
    first = make_rollout(home, name="first", amount=1, query="name==d1")
    second = make_rollout(home, name="second", amount=2)
    start(actor=actor, deployment=first)
    start(actor=actor, deployment=second)
    come_round()
    waiting = DeviceDeployment.objects.filter(phase=groups(second)[1]).get()
    assert waiting.is_open


def test_a_failure_of_somebody_asked_to_leave_is_tried_again_without_the_question() -> None:
    home = make_organization()
    target = make_target(home, "a-target")
    rollout, _ = make_started(0, organization=home, amount=1)
    DeviceDeployment.objects.filter(deployment=rollout, device=target).update(
        state=State.FAILURE,
        is_open=False,
        finished_at=rollout.created_at,
        cancel_requested_at=rollout.created_at,
    )
    retry_failed(actor=make_actor(home), deployment=rollout)
    row = DeviceDeployment.objects.get(deployment=rollout, device=target)
    assert (row.state, row.cancel_requested_at) == (State.PENDING, None)
