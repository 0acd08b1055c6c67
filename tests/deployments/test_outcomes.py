"""What became of each device's part is one truth: row by row, in SQL, and counted."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deployments.aborting import abort
from deployments.holding import create_held, release_hold
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.outcomes import COURSE, OUTCOME, Course, Facts, Outcome, outcome_of, tallies
from deployments.pausing import pause
from deployments.planning import PhasePlan
from deployments.progress import progress_of
from deployments.states import OPEN, Cause, State, Status
from deployments.statistics import counts, status_of
from deployments.stopping import stop_gracefully
from tests.deployments.calls import call, say
from tests.deployments.dynamic import make_dynamic
from tests.deployments.rollouts.makers import make_fleet, make_rollout, make_started
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
# Hours from now: long over with its overtime, in its overtime, to come.
MOMENTS = st.sampled_from([None, -48, -24, -3, -1, 2])
ROWS = st.lists(
    st.tuples(st.sampled_from(State), st.booleans(), st.sampled_from(Cause)), max_size=8
)
# Its devices are asked to leave (hawkBit), and its time is over meanwhile.
STOPPED_BEFORE_ITS_END = {
    "stop": "forced",
    "stopped_at": timezone.now() - 30 * HOUR,
    "expires_at": timezone.now() - 3 * HOUR,
}
ENDED = {State.ABORTED, State.NO_ARTIFACT}


@st.composite
def ends(draw: st.DrawFn) -> dict[str, Any]:
    """Columns of a deployment that say how it ended, as the database takes them."""
    now = timezone.now()
    expires = draw(MOMENTS)
    facts: dict[str, Any] = {"expires_at": None if expires is None else now + expires * HOUR}
    stop = draw(st.sampled_from(Deployment.Stop.values))
    if stop:
        facts |= {"stop": stop, "stopped_at": now - draw(st.sampled_from([0, 2, 30])) * HOUR}
    if draw(st.booleans()):
        facts["finished_at"] = now
        if draw(st.booleans()):
            facts["aborted_at"] = now
    return facts


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, facts=ends())
@example(rows=[(State.PENDING, False, Cause.NONE)], facts={"stop": "", "expires_at": None})
@example(rows=[], facts=STOPPED_BEFORE_ITS_END)
def test_whatever_is_so_all_readers_agree(
    rows: list[tuple[State, bool, Cause]], facts: dict[str, Any]
) -> None:
    with transaction.atomic():
        now = timezone.now()
        release = make_artifact(make_release(make_organization())).release
        home = release.organization
        deployment = make_deployment(home, release=release, devices=list(map(str, range(8))))
        Deployment.objects.update(**facts)
        _write(rows)
        deployment.refresh_from_db()
        listed = DeviceDeployment.objects.order_by("number").annotate(outcome=OUTCOME)
        listed = listed.with_effective_state()
        expected = [outcome_of(_facts(row), deployment, now) for row in listed]
        assert [row.outcome for row in listed] == expected
        tally = tallies([deployment])[deployment.number]
        assert Counter(expected) == tally.counts
        parts = (tally.pending, tally.running, tally.successful, tally.failed)
        assert tally.targeted == sum(parts) == len(expected)
        _check_states(deployment, listed)
        transaction.set_rollback(True)


def _write(rows: list[tuple[State, bool, Cause]]) -> None:
    now = timezone.now()
    written = DeviceDeployment.objects.order_by("number")
    for row, (state, is_instructed, cause) in zip(written, rows, strict=False):
        row.state, row.is_open, row.is_instructed = state, state in OPEN, is_instructed
        row.finished_at = None if row.is_open else now
        row.cause = cause if state in ENDED else Cause.NONE
        row.save()


def _facts(row: DeviceDeployment) -> Facts:
    return Facts(row.state, row.is_open, row.is_instructed, row.cause)


def _check_states(deployment: Deployment, rows: Any) -> None:
    """By their states alone the rows that are over are the same ones."""
    told = [row.effective_state for row in rows]
    assert [row.is_cut_off for row in rows] == [
        row.is_open and word == State.ABORTED for row, word in zip(rows, told, strict=True)
    ]
    assert counts([deployment.number])[deployment.number] == Counter(told)
    (progress,) = progress_of([deployment])
    assert progress.counts == Counter(told)
    is_over = {row.outcome not in {"waiting", "starting", "active"} for row in rows if row.is_open}
    assert {row.is_cut_off for row in rows if row.is_open} == is_over


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, facts=ends())
def test_the_status_of_the_whole_is_one_truth_as_well(
    rows: list[tuple[State, bool, Cause]], facts: dict[str, Any]
) -> None:
    with transaction.atomic():
        release = make_artifact(make_release(make_organization())).release
        home = release.organization
        deployment = make_deployment(home, release=release, devices=list(map(str, range(8))))
        Deployment.objects.update(**facts)
        _write(rows)
        deployment.refresh_from_db()
        told = status_of(deployment, counts([deployment.number])[deployment.number])
        asked = Deployment.objects.annotated_with_status().annotate(course=COURSE).get()
        assert asked.status == told
        if deployment.stop or deployment.aborted_at:
            assert asked.course == Course.CANCELED
        else:
            assert (asked.course == Course.COMPLETED) == (told == Status.FINISHED)
            assert (asked.course == Course.NEW) == (told == Status.SCHEDULED)
        transaction.set_rollback(True)


def course(deployment: Deployment) -> str:
    return str(Deployment.objects.annotate(course=COURSE).get(number=deployment.number).course)


def test_stopped_is_canceled_whoever_still_runs() -> None:
    home = make_organization()
    device, _ = make_device(home), make_device(home)
    graceful, forced = make_deployment(home), make_deployment(home)
    call(device)
    stop_gracefully(actor=make_actor(home), deployment=graceful)
    abort(actor=make_actor(home), deployment=forced)
    assert course(graceful) == course(forced) == Course.CANCELED
    say(device, graceful, "success")
    assert course(graceful) == Course.CANCELED


def test_with_every_part_final_it_is_completed_even_if_all_failed() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "failure")
    Deployment.objects.update(finished_at=None)
    assert course(deployment) == Course.COMPLETED


def test_what_waits_for_its_time_or_for_somebody_is_new() -> None:
    home = make_organization()
    device = make_device(home, device_type="board")
    later = make_deployment(home, phases=[PhasePlan(None, timezone.now() + HOUR)])
    make_fleet(home, 2)
    rollout = make_rollout(home)
    waiting = make_rollout(home, name="waiting")
    Deployment.objects.filter(number=waiting.number).update(approval="waiting")
    release = make_artifact(make_release(home)).release
    held = create_held(
        actor=make_actor(home), organization=home, device=device, release=release, name="held"
    )
    assert {course(each) for each in (later, rollout, waiting, held)} == {Course.NEW}
    release_hold(actor=make_actor(home), deployment=held)
    Phase.objects.filter(deployment=later).update(starts_at=timezone.now())
    assert {course(each) for each in (later, held)} == {Course.IN_PROGRESS}


def test_paused_open_and_dynamic_ones_are_in_progress() -> None:
    home = make_organization()
    make_device(home)
    opened, paused = make_deployment(home), make_deployment(home)
    pause(actor=make_actor(home), deployment=paused)
    rollout, _ = make_started(2)
    told = {course(each) for each in (opened, paused, make_dynamic(home), rollout)}
    assert told == {Course.IN_PROGRESS}


def test_each_part_in_its_words() -> None:
    home = make_organization()
    devices = [make_device(home) for _ in range(6)]
    deployment = make_deployment(home, devices=[*devices, "unknown"])
    for device in devices[:4]:
        call(device)
    say(devices[1], deployment, "installing")
    say(devices[2], deployment, "installing", "success")
    say(devices[3], deployment, "failure")
    call(devices[4], deployment.release_name)
    rows = deployment.device_deployments.order_by("number").values_list(OUTCOME, flat=True)
    assert list(rows) == [
        Outcome.STARTING,
        Outcome.ACTIVE,
        Outcome.SUCCESSFUL,
        Outcome.FAILED,
        Outcome.SUCCESSFUL,
        Outcome.WAITING,
        Outcome.WAITING,
    ]
    tally = tallies([deployment])[deployment.number]
    numbers = (tally.targeted, tally.successful, tally.pending, tally.running, tally.failed)
    assert numbers == (7, 2, 2, 2, 1)
