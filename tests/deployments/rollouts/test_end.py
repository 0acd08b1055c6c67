"""Rollouts that are stopped, deleted, or tried again; and what is not as it was left."""

import pytest

from auditlog.models import AuditEntry
from deployments import pausing
from deployments.cancelling import confirm_cancel
from deployments.events import Said
from deployments.models import Deployment, DeviceDeployment
from deployments.rollouts import opening, taking_over
from deployments.rollouts.deleting import delete
from deployments.rollouts.pausing import pause, resume
from deployments.rollouts.retrying import retry
from deployments.rollouts.running import run_rollouts
from deployments.rollouts.starting import start
from deployments.rollouts.states import RolloutState
from deployments.rollouts.stopping import stop, stop_all
from deployments.rollouts.updating import update
from deployments.states import State
from fleet.errors import Conflict, Invalid, NotFound
from jobs.models import Job
from jobs.running import run_due
from tests.deployments.calls import offered
from tests.deployments.rollouts.makers import (
    come_round,
    finish,
    groups,
    make_fleet,
    make_rollout,
    make_started,
    members,
    opened,
    state,
)
from tests.make import make_actor, make_deployment, make_organization, make_target

pytestmark = pytest.mark.django_db


def states(rollout: Deployment) -> list[str]:
    rows = DeviceDeployment.objects.filter(deployment=rollout).order_by("number")
    return list(rows.values_list("state", flat=True))


def test_stopped_nobody_begins_and_who_has_begun_leaves() -> None:
    home = make_organization()
    target = make_target(home, "a-target")
    rollout, devices = make_started(3, organization=home, amount=2)
    finish(rollout, devices[:1])
    stop(actor=make_actor(home), deployment=rollout)
    assert state(rollout) is RolloutState.STOPPING
    come_round()
    assert states(rollout) == ["pending", "success", "aborted", "aborted"]
    assert offered(devices[1]) == ""
    asked = DeviceDeployment.objects.get(deployment=rollout, device=target)
    assert asked.cancel_requested_at is not None
    rollout.refresh_from_db()
    assert (state(rollout), rollout.finished_at) == (RolloutState.STOPPED, None)
    confirm_cancel(row=asked, said=Said())
    come_round()
    rollout.refresh_from_db()
    assert rollout.finished_at == rollout.aborted_at != None  # noqa: E711 - all three
    assert state(rollout) is RolloutState.STOPPED
    assert AuditEntry.objects.filter(action="abort", object_id=str(rollout.id)).count() == 1


def test_what_has_not_begun_is_over_as_soon_as_it_is_stopped() -> None:
    home = make_organization()
    make_fleet(home, 2)
    make_target(home, "a-target")
    rollout = make_rollout(home)
    stop(actor=make_actor(home), deployment=rollout)
    come_round()
    assert set(states(rollout)) == {"aborted"}
    rollout.refresh_from_db()
    assert rollout.aborted_at is not None


def test_it_is_stopped_once_and_not_when_it_is_over() -> None:
    rollout, devices = make_started(1, amount=1)
    actor = make_actor(rollout.organization)
    finish(rollout, devices)
    come_round()
    rollout.refresh_from_db()
    with pytest.raises(Conflict) as caught:
        stop(actor=actor, deployment=rollout)
    assert caught.value.code == "rollout_illegal_state"
    other, _ = make_started(1, organization=rollout.organization, name="other")
    stop(actor=actor, deployment=other)
    with pytest.raises(Conflict):
        stop(actor=actor, deployment=other)


def test_a_paused_one_can_be_stopped() -> None:
    rollout, _ = make_started(2)
    actor = make_actor(rollout.organization)
    pausing.pause(actor=actor, deployment=rollout)
    stop(actor=actor, deployment=rollout)
    come_round()
    assert state(rollout) is RolloutState.STOPPED
    assert opened(rollout) == 1


def test_all_rollouts_of_a_release_can_be_stopped() -> None:
    rollout, _ = make_started(2)
    home = rollout.organization
    facts = {"release": rollout.release_id or 0, "organization_id": home.pk}
    assert stop_all(actor=make_actor(home), **facts) == 1
    assert stop_all(actor=make_actor(home), **facts) == 0
    come_round()
    assert state(rollout) is RolloutState.STOPPED


def test_what_was_planned_otherwise_is_aborted() -> None:
    home = make_organization()
    make_fleet(home, 1)
    plan = make_deployment(home)
    stop(actor=make_actor(home), deployment=plan)
    assert state(plan) is RolloutState.STOPPED
    with pytest.raises(Conflict):
        start(actor=make_actor(home), deployment=plan)


def test_one_that_never_began_is_gone_when_it_is_deleted() -> None:
    home = make_organization()
    make_fleet(home, 2)
    rollout = make_rollout(home)
    delete(actor=make_actor(home), deployment=rollout)
    assert not Deployment.objects.of(home).exists()
    come_round()
    assert not Deployment.objects.filter(number=rollout.number).exists()
    assert not DeviceDeployment.objects.exists()
    assert AuditEntry.objects.filter(action="delete", object_id=str(rollout.id)).exists()


def test_of_one_that_has_begun_the_history_stays() -> None:
    home = make_organization()
    target = make_target(home, "a-target")
    rollout, devices = make_started(3, organization=home, amount=2)
    finish(rollout, devices[:1])
    delete(actor=make_actor(home), deployment=rollout)
    assert state(rollout) is RolloutState.DELETED
    assert not Deployment.objects.of(home).exists()
    come_round()
    assert states(rollout) == ["aborted", "success", "aborted", "aborted"]
    row = DeviceDeployment.objects.get(deployment=rollout, device=target)
    assert row.cancel_requested_at is None
    rollout.refresh_from_db()
    assert rollout.aborted_at is not None


def test_a_deleted_one_that_was_stopped_waits_for_nobody() -> None:
    home = make_organization()
    make_target(home, "a-target")
    rollout, _ = make_started(0, organization=home, amount=1)
    actor = make_actor(home)
    stop(actor=actor, deployment=rollout)
    come_round()
    assert states(rollout) == ["pending"]
    delete(actor=actor, deployment=rollout)
    come_round()
    assert states(rollout) == ["aborted"]


def test_who_did_not_make_it_gets_a_rollout_of_its_own() -> None:
    rollout, devices = make_started(4, amount=1)
    finish(rollout, devices[:2])
    finish(rollout, devices[2:3], State.FAILURE)
    actor = make_actor(rollout.organization)
    with pytest.raises(Conflict) as caught:
        retry(actor=actor, deployment=rollout)
    assert caught.value.code == "rollout_illegal_state"
    DeviceDeployment.objects.filter(device=devices[3]).update(
        state="aborted", is_open=False, finished_at=rollout.created_at
    )
    come_round()
    rollout.refresh_from_db()
    again = retry(actor=actor, deployment=rollout)
    assert again.name == "rollout_retry"
    assert (again.release, again.weight) == (rollout.release, 1000)
    assert [members(group) for group in groups(again)] == [["d2", "d3"]]
    assert state(again) is RolloutState.READY
    with pytest.raises(Conflict) as caught:
        retry(actor=actor, deployment=rollout)
    assert caught.value.code == "rollout_exists"


def test_where_everybody_made_it_there_is_nothing_to_try_again() -> None:
    rollout, devices = make_started(1, amount=1)
    finish(rollout, devices)
    come_round()
    rollout.refresh_from_db()
    with pytest.raises(Invalid) as caught:
        retry(actor=make_actor(rollout.organization), deployment=rollout)
    assert caught.value.code == "no_devices"


def test_a_release_that_is_gone_is_not_tried_again() -> None:
    rollout, devices = make_started(1, amount=1)
    finish(rollout, devices, State.FAILURE)
    come_round()
    rollout.refresh_from_db()
    pausing.resume(actor=make_actor(rollout.organization), deployment=rollout)
    Deployment.objects.filter(number=rollout.number).update(release=None)
    rollout.refresh_from_db()
    with pytest.raises(NotFound):
        retry(actor=make_actor(rollout.organization), deployment=rollout)


def test_only_what_runs_can_be_paused_and_only_what_is_paused_resumed() -> None:
    home = make_organization()
    make_fleet(home, 2)
    rollout, actor = make_rollout(home), make_actor(home)
    for change in (pause, resume):
        with pytest.raises(Conflict) as caught:
            change(actor=actor, deployment=rollout)
        assert caught.value.code == "rollout_illegal_state"
    start(actor=actor, deployment=rollout)
    pause(actor=actor, deployment=rollout)
    assert state(rollout) is RolloutState.PAUSED
    with pytest.raises(Conflict):
        pause(actor=actor, deployment=rollout)
    resume(actor=actor, deployment=rollout)
    assert state(rollout) is RolloutState.RUNNING


def test_it_can_be_called_otherwise() -> None:
    home = make_organization()
    make_fleet(home, 1)
    rollout, actor = make_rollout(home), make_actor(home)
    make_rollout(home, name="taken")
    update(actor=actor, deployment=rollout, name="new", description="words")
    rollout.refresh_from_db()
    assert (rollout.name, rollout.description) == ("new", "words")
    with pytest.raises(Conflict):
        update(actor=actor, deployment=rollout, name="taken")
    with pytest.raises(Invalid):
        update(actor=actor, deployment=rollout, name="")


def test_a_worker_that_dies_between_batches_leaves_the_rest_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking_over, "BATCH", 2)
    home = make_organization()
    devices = make_fleet(home, 5)
    older = make_rollout(home, name="older", amount=1)
    actor = make_actor(home)
    start(actor=actor, deployment=older)
    run_due()
    newer = make_rollout(home, name="newer", amount=1)
    start(actor=actor, deployment=newer)
    real, done = taking_over.supersede, []

    def dying(rows: object, **facts: object) -> int:
        done.append(rows)
        if len(done) == 2:
            raise SystemExit
        return real(rows, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(taking_over, "supersede", dying)
    with pytest.raises(SystemExit):
        run_due()
    assert states(older).count("aborted") == 2
    Job.objects.filter(state="running").update(lease_until=newer.created_at)
    run_due()
    assert states(older) == ["aborted"] * 5
    assert len(done) == 4
    assert offered(devices[4]) == str(newer.id)


def test_what_breaks_in_one_rollout_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rollout, devices = make_started(2)
    broken = make_rollout(rollout.organization, name="broken")
    finish(rollout, devices[:1])
    real = opening.take_over

    def breaking(deployment: Deployment, *args: object, **facts: object) -> None:
        if deployment.number == broken.number:
            raise OSError
        real(deployment, *args, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "take_over", breaking)
    Deployment.objects.filter(number=broken.number).update(start_at=broken.created_at)
    run_rollouts()
    assert (opened(broken), opened(rollout)) == (0, 2)
