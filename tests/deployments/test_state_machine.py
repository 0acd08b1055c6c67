"""Whatever devices and people do, in whatever order, rows move as the table says."""

import pytest
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from deployments.aborting import abort
from deployments.models import DeviceDeployment, StatusEvent
from deployments.offers import poll
from deployments.pausing import pause, resume
from deployments.reporting import report
from deployments.retrying import retry_failed
from deployments.states import FINAL, MOVES, OPEN, REPORTABLE, State
from fleet.errors import Conflict, NotFound
from tests.make import make_actor, make_claims, make_deployment, make_device

REPORTS = sorted(REPORTABLE)


class OneDeviceInOneDeployment(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.device = make_device(software="old")
        self.deployment = make_deployment(devices=[self.device], retries=1)
        self.before = State.PENDING
        self.is_aborted = False

    def row(self) -> DeviceDeployment:
        return DeviceDeployment.objects.get(deployment=self.deployment)

    @rule(software=st.sampled_from(["old", "old", "new"]))
    def call(self, software: str) -> None:
        name = self.deployment.release_name if software == "new" else "old"
        offer = poll(make_claims(self.device), {"device_type": "board", "artifact_name": name})
        row = self.row()
        is_active = row.is_open and row.deployment.finished_at is None
        is_paused = row.deployment.paused_at is not None
        assert (offer is not None) == (is_active and (row.is_instructed or not is_paused))
        assert offer is None or row.attempts >= 1

    @rule(state=st.sampled_from(REPORTS), substate=st.none() | st.just("step"))
    def say(self, state: State, substate: str | None) -> None:
        row, said = self.row(), StatusEvent.objects.count()
        try:
            report(
                device=self.device, deployment_id=self.deployment.id, state=state, substate=substate
            )
        except NotFound:
            assert row.admitted_at is None
        except Conflict:
            assert self.is_aborted
        else:
            assert self.row().state in {state, State.PENDING}
            assert StatusEvent.objects.count() <= said + 1

    @rule()
    def pause_or_resume(self) -> None:
        deployment = self.row().deployment
        change = resume if deployment.paused_at else pause
        try:
            change(actor=make_actor(self.device.organization), deployment=deployment)
        except Conflict:
            assert deployment.finished_at

    @rule()
    def try_again(self) -> None:
        row = self.row()
        try:
            retry_failed(
                actor=make_actor(self.device.organization), deployment=row.deployment, devices=None
            )
        except Conflict:
            assert self.is_aborted or row.state != State.FAILURE
        else:
            assert (row.state, self.row().state) == (State.FAILURE, State.PENDING)
            assert self.row().deployment.finished_at is None

    @precondition(lambda self: not self.is_aborted)
    @rule()
    def abort(self) -> None:
        try:
            abort(actor=make_actor(self.device.organization), deployment=self.deployment)
            self.is_aborted = True
        except Conflict:
            assert self.row().deployment.finished_at

    @invariant()
    def it_moved_as_the_table_says(self) -> None:
        now = State(self.row().state)
        assert now == self.before or now in MOVES[self.before]
        self.before = now

    @invariant()
    def open_and_final_mean_what_they_say(self) -> None:
        row = self.row()
        assert row.is_open == (row.state in OPEN) == (row.state not in FINAL)
        assert row.is_open == (row.finished_at is None)
        assert row.attempts - row.attempts_before <= self.deployment.retries + 1
        assert row.finished_at is None or row.finished_at <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_one_device_in_one_deployment() -> None:
    run(
        OneDeviceInOneDeployment,
        settings=settings(max_examples=30, stateful_step_count=15, deadline=None),
    )
