"""A deployment that is stopped gracefully: nobody begins any more, whoever has begun goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from auditlog.models import AuditEntry
from deployments import stopping
from deployments.aborting import abort
from deployments.auto_assigning import assign_all, auto_assignment_of, set_auto_assignment
from deployments.derived import STATE_WORD
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import COURSE, Course, Outcome, tallies
from deployments.pausing import pause
from deployments.planning import PhasePlan
from deployments.progress import progress_of
from deployments.retrying import retry_failed
from deployments.rollouts import stopping as rollouts
from deployments.rollouts.states import RolloutState, state_of
from deployments.rollouts.totals import Totals, totals_of
from deployments.states import State, Status
from deployments.statistics import counts, status_of
from deployments.stopping import stop_gracefully, take_back_left
from fleet.errors import Conflict, Forbidden
from fleet.models import Language, Role
from fleet.saved_filters import save_query
from jobs.running import run_due
from query.tree import Operator
from tests.api.hawkbit.ddi.callers import controller
from tests.api.hawkbit.ddi.making import assign
from tests.api.mender.callers import box, person
from tests.deployments.calls import call, offered, part, say
from tests.deployments.dynamic import make_dynamic, red
from tests.deployments.rollouts.makers import come_round, make_fleet, make_rollout, make_started
from tests.make import (
    make_actor,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db(transaction=True)


def stop(deployment: Deployment) -> bool:
    return stop_gracefully(actor=make_actor(deployment.organization), deployment=deployment)


def status(deployment: Deployment) -> tuple[Status, str]:
    """Its status as it is told of one, and as lists are filtered by it."""
    deployment.refresh_from_db()
    counted = counts([deployment.number])[deployment.number]
    rows = Deployment.objects.filter(number=deployment.number).annotated_with_status()
    return status_of(deployment, counted), rows.get().status


def course(deployment: Deployment) -> str:
    return str(Deployment.objects.annotate(course=COURSE).get(number=deployment.number).course)


def test_nobody_begins_and_who_has_begun_goes_on_and_is_heard() -> None:
    home = make_organization()
    begun, waiting = box(home), box(home)
    deployment = make_deployment(home)
    assert begun.poll().status_code == 200
    assert stop(deployment) is True
    assert waiting.poll().status_code == 204
    assert begun.poll().json()["id"] == str(deployment.id)
    assert part(waiting.device, deployment).state == State.ABORTED
    assert status(deployment) == (Status.IN_PROGRESS, "in_progress")
    for word in ("installing", "success"):
        assert begun.report(deployment.id, word).status_code == 204
    assert status(deployment) == (Status.ABORTED, "aborted")
    assert deployment.finished_at
    assert deployment.stopped_at
    assert deployment.stopped_at < deployment.finished_at
    entry = AuditEntry.objects.get(action="abort")
    assert (entry.object_id, entry.change) == (str(deployment.id), {"stop": "graceful"})


def test_a_device_that_names_itself_goes_on_as_well() -> None:
    home = make_organization()
    release = make_distribution_set(home)
    begun, waiting = make_target(home), make_target(home)
    rows = [assign(device, release) for device in (begun, waiting)]
    first, second = controller(begun), controller(waiting)
    link = first.links()["deploymentBase"]
    assert first.get(link).status_code == 200
    for row in rows:
        assert stop(row.deployment) is True
    assert second.links().keys() == {"configData"}
    assert second.get(f"deploymentBase/{rows[1].number}").status_code == 404
    assert "deploymentBase" in first.links()
    assert first.say(f"deploymentBase/{rows[0].number}", "proceeding") == 200
    assert first.say(f"deploymentBase/{rows[0].number}", "closed", "success") == 200
    assert second.say(f"deploymentBase/{rows[1].number}", "closed", "success") == 410
    assert [course(row.deployment) for row in rows] == [Course.CANCELED] * 2


def test_a_failure_after_the_stop_is_not_tried_again() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=3)
    call(device)
    stop(deployment)
    say(device, deployment, "failure")
    assert part(device, deployment).state == State.FAILURE
    assert status(deployment)[0] == Status.ABORTED
    with pytest.raises(Conflict, match="aborted"):
        retry_failed(actor=make_actor(device.organization), deployment=deployment)


def test_who_waits_for_its_next_attempt_has_not_begun_it() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=3)
    call(device)
    say(device, deployment, "failure")
    stop(deployment)
    assert part(device, deployment).state == State.ABORTED
    assert call(device) is None
    with pytest.raises(Conflict, match="aborted"):
        say(device, deployment, "success")


def test_every_reader_counts_what_a_job_has_yet_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "BATCH", 2)
    home = make_organization()
    device = make_device(home)
    deployment = make_deployment(home, devices=[device, *"123456"])
    call(device)
    stop(deployment)
    deployment.refresh_from_db()
    rows = DeviceDeployment.objects.order_by("number")
    assert [row.state for row in rows].count("aborted") == 2
    assert counts([deployment.number])[deployment.number] == {State.PENDING: 1, State.ABORTED: 6}
    assert progress_of([deployment])[0].counts == {State.PENDING: 1, State.ABORTED: 6}
    told = rows.with_effective_state().values_list("effective_state", flat=True)
    assert list(told) == ["pending", *["aborted"] * 6]
    assert [row.is_cut_off for row in rows] == [False, False, False, True, True, True, True]
    aborted = STATE_WORD.compare(Operator.EQUAL, "aborted")
    pending = STATE_WORD.compare(Operator.EQUAL, "pending")
    assert (rows.filter(aborted).count(), rows.filter(pending).count()) == (6, 1)
    tally = tallies([deployment])[deployment.number]
    assert tally.counts == {Outcome.STARTING: 1, Outcome.STOPPED: 6}
    assert status(deployment) == (Status.IN_PROGRESS, "in_progress")
    run_due()
    assert [row.state for row in rows.all()] == ["pending", *["aborted"] * 6]
    assert counts([deployment.number])[deployment.number] == {State.PENDING: 1, State.ABORTED: 6}


def test_with_nobody_begun_it_is_over_before_the_last_row_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stopping, "BATCH", 2)
    deployment = make_deployment(devices=list("12345"))
    stop(deployment)
    assert status(deployment) == (Status.ABORTED, "aborted")
    assert (course(deployment), deployment.finished_at) == (Course.CANCELED, None)
    run_due()
    assert status(deployment) == (Status.ABORTED, "aborted")
    assert deployment.finished_at


def test_what_was_forgotten_is_ended_by_who_comes_round() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    now = timezone.now()
    Deployment.objects.update(stop="graceful", stopped_at=now)
    assert take_back_left() == 1
    assert part(device, deployment).state == State.ABORTED
    assert status(deployment)[0] == Status.ABORTED
    assert take_back_left() == 0


def test_a_second_stop_changes_nothing_and_neither_does_one_of_what_is_over() -> None:
    home = make_organization()
    device = make_device(home)
    deployment = make_deployment(home)
    call(device)
    assert stop(deployment) is True
    first = deployment.stopped_at
    assert stop(deployment) is False
    abort(actor=make_actor(home), deployment=deployment)
    assert stop(deployment) is False
    deployment.refresh_from_db()
    assert (deployment.stopped_at, deployment.stop) == (first, "forced")


def test_an_abort_after_it_is_for_those_too_who_had_begun() -> None:
    home = make_organization()
    device = box(home)
    deployment = make_deployment(home)
    device.poll()
    stop(deployment)
    abort(actor=make_actor(home), deployment=deployment)
    assert device.report(deployment.id, "installing").status_code == 409
    assert part(device.device, deployment).state == State.ABORTED
    deployment.refresh_from_db()
    assert deployment.aborted_at == deployment.finished_at
    assert deployment.stopped_at
    assert deployment.aborted_at
    assert deployment.stopped_at < deployment.aborted_at


def test_a_plain_abort_is_a_stop_of_its_own_kind() -> None:
    deployment = make_deployment(devices=["1"])
    abort(actor=make_actor(deployment.organization), deployment=deployment)
    deployment.refresh_from_db()
    assert (deployment.stop, deployment.stopped_at) == ("forced", deployment.aborted_at)
    assert deployment.stopped_by
    assert course(deployment) == Course.CANCELED


def test_a_paused_one_is_stopped_and_not_paused_any_more() -> None:
    home = make_organization()
    device, other = make_device(home), make_device(home)
    deployment = make_deployment(home)
    call(device)
    pause(actor=make_actor(home), deployment=deployment)
    assert stop(deployment) is True
    assert status(deployment) == (Status.IN_PROGRESS, "in_progress")
    assert call(device) is not None
    assert call(other) is None
    say(device, deployment, "success")
    assert status(deployment)[0] == Status.ABORTED


def test_one_that_has_yet_to_open_is_over_at_once() -> None:
    home = make_organization()
    make_device(home)
    later = timezone.now() + timedelta(hours=1)
    deployment = make_deployment(home, phases=[PhasePlan(None, later)])
    stop(deployment)
    assert status(deployment) == (Status.ABORTED, "aborted")


def test_nobody_comes_to_a_dynamic_one() -> None:
    home = make_organization()
    begun, late = red(home), red(home)
    deployment = make_dynamic(home, max_devices=5)
    assert offered(begun) == str(deployment.id)
    stop(deployment)
    assert call(late) is None
    assert counts([deployment.number])[deployment.number] == {State.PENDING: 1}
    assert status(deployment) == (Status.IN_PROGRESS, "in_progress")
    say(begun, deployment, "success")
    assert status(deployment) == (Status.ABORTED, "aborted")


def test_what_is_behind_it_does_not_wait_for_it() -> None:
    device = make_device()
    stopped = make_deployment(devices=[device, "another"])
    newer = make_deployment(devices=[device])
    stop(stopped)
    assert offered(device) == str(newer.id)


def test_mender_calls_it_in_progress_and_then_finished() -> None:
    home = make_organization()
    device, _ = make_device(home), make_device(home)
    deployment = make_deployment(home)
    path = f"v1/deployments/deployments/{deployment.id}"
    ann = person(home)
    call(device)
    stop(deployment)
    assert ann.get(path).json()["status"] == "inprogress"
    assert ann.get("v1/deployments/deployments?status=inprogress").json()[0]["name"]
    say(device, deployment, "success")
    assert ann.get(path).json()["status"] == "finished"


def test_hawkbit_calls_it_stopping_and_then_stopped() -> None:
    rollout, devices = make_started(4)
    call(devices[0])
    stop(rollout)
    come_round()
    assert state_of(rollout) == RolloutState.STOPPING
    assert totals_of([rollout])[0].totals == Totals(running=1, cancelled=3)
    say(devices[0], rollout, "success")
    come_round()
    assert state_of(rollout) == RolloutState.STOPPED
    assert totals_of([rollout])[0].totals == Totals(finished=1, cancelled=3)


def test_no_group_of_a_rollout_opens_any_more() -> None:
    rollout, devices = make_started(4)
    call(devices[0])
    call(devices[1])
    stop(rollout)
    for device in devices[:2]:
        say(device, rollout, "success")
    come_round()
    rollout.refresh_from_db()
    assert rollout.finished_at
    assert [phase.starts_at is None for phase in rollout.phases.all()] == [False, True]
    assert all(call(device) is None for device in devices)


def test_a_paused_rollout_and_one_that_nobody_started_are_over_at_once() -> None:
    home = make_organization()
    make_fleet(home, 2)
    unstarted = make_rollout(home)
    started, _ = make_started(2)
    pause(actor=make_actor(started.organization), deployment=started)
    for rollout in (unstarted, started):
        stop(rollout)
        assert state_of(rollout) == RolloutState.STOPPED


def test_who_was_to_go_on_leaves_a_rollout_that_is_stopped_by_force_after() -> None:
    rollout, devices = make_started(2, amount=1)
    call(devices[0])
    stop(rollout)
    first = rollout.stopped_at
    rollouts.stop(actor=make_actor(rollout.organization), deployment=rollout)
    assert rollout.stopped_at == first
    come_round()
    rollout.refresh_from_db()
    assert (rollout.stop, rollout.stopped_at) == ("forced", first)
    assert part(devices[0], rollout).state == State.ABORTED
    assert state_of(rollout) == RolloutState.STOPPED


def test_an_automatic_assignment_comes_to_nobody_any_more() -> None:
    home = make_organization()
    release = make_distribution_set(home)
    early = make_target(home, "early")
    saved = save_query(
        actor=make_actor(home),
        organization=home,
        name="all",
        query="name==*",
        language=Language.HAWKBIT,
    )
    deployment = set_auto_assignment(actor=make_actor(home), saved=saved, release=release.number)
    run_due()
    stop(deployment)
    assert part(early, deployment).state == State.ABORTED
    late = make_target(home, "late")
    assign_all()
    run_due()
    assert "deploymentBase" not in controller(late).links()
    assert not deployment.device_deployments.filter(device=late).exists()
    assert auto_assignment_of(saved) is None


def test_who_only_looks_may_not_stop_it() -> None:
    deployment = make_deployment(devices=["1"])
    viewer = make_actor(deployment.organization, role=Role.VIEWER)
    with pytest.raises(Forbidden):
        stop_gracefully(actor=viewer, deployment=deployment)
    assert status(deployment)[0] == Status.PENDING
