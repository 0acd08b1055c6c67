"""Whatever people and a device do, it stands where a small model says."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from api.hawkbit.words import ACTIVE, DETAIL, DETAILS, Detail, detail_of, has_detail
from deployments.assigning import Wish, assign
from deployments.assignments import Options
from deployments.cancelling import confirm_cancel, force_quit, reject_cancel, request_cancel
from deployments.confirming import confirm, deny
from deployments.events import Said
from deployments.feedback import Word, hear
from deployments.models import DeviceDeployment
from deployments.retrieving import retrieve
from deployments.standing import ASSIGNED, INSTALLED, STANDING, is_active
from deployments.states import State
from fleet.errors import Conflict, NotFound
from fleet.models import Device
from tests.make import make_actor, make_distribution_set, make_organization, make_target

SETS = st.integers(0, 2)
ACTIONS = st.integers(0, 5)
STEP = 2


@dataclass
class Action:
    """What the model knows of one; `ended` is when, in the order of all ends."""

    release: int
    is_waiting: bool
    is_canceling: bool = False
    state: str = ""
    ended: int = 0


class OneTarget(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.organization = make_organization(
            policies={"confirmation_flow_enabled": {"value": True}}
        )
        self.actor = make_actor(self.organization)
        self.device = make_target(self.organization)
        self.sets = [
            make_distribution_set(
                self.organization, version=str(number), is_migration_step=number == STEP
            )
            for number in range(3)
        ]
        self.actions: list[Action] = []
        self.rows: list[DeviceDeployment] = []
        self.installed: int | None = None
        self.ends = 0

    def open(self) -> list[Action]:
        return [action for action in self.actions if not action.state]

    def last(self) -> Action | None:
        return max(
            (action for action in self.actions if action.state),
            key=lambda action: action.ended,
            default=None,
        )

    def standing(self) -> str:
        last = self.last()
        if self.open():
            return "pending"
        if last is None:
            return "unknown"
        return "error" if last.state == "failure" else "in_sync"

    def assigned(self) -> int | None:
        last = self.last()
        if self.open():
            return self.open()[-1].release
        if last is None or last.state == "failure":
            return None
        return last.release if last.state == "success" else self.installed

    def end(self, action: Action, state: str) -> None:
        self.ends += 1
        action.state, action.ended = state, self.ends
        if state == "success":
            self.installed = action.release

    @rule(number=SETS, needs_confirmation=st.booleans())
    def assign(self, number: int, needs_confirmation: bool) -> None:
        options = Options(is_confirmation_required=needs_confirmation)
        wish = Wish(self.device, self.sets[number].number, options)
        made = assign(actor=self.actor, organization=self.organization, wishes=[wish])
        if self.assigned() == number:
            assert (made.rows, made.already_assigned) == ([], 1)
            return
        for action in self.open():
            action.is_canceling |= action.release != STEP
        self.actions.append(Action(number, needs_confirmation))
        self.rows += made.rows

    @rule(at=ACTIONS, force=st.booleans())
    def cancel(self, at: int, force: bool) -> None:
        if at >= len(self.actions):
            return
        action, row = self.actions[at], self.rows[at]
        try:
            (force_quit if force else request_cancel)(actor=self.actor, row=row)
        except Conflict:
            assert action.state or action.is_canceling != force
            return
        assert not action.state
        assert action.is_canceling == force
        action.is_canceling = True
        if force:
            self.end(action, "aborted")

    @rule(at=ACTIONS, agrees=st.booleans())
    def is_told_to_leave(self, at: int, agrees: bool) -> None:
        if at >= len(self.actions):
            return
        action, row = self.actions[at], self.rows[at]
        try:
            (confirm_cancel if agrees else reject_cancel)(row=row, said=Said(("so",)))
        except Conflict:
            assert action.state or not action.is_canceling
            return
        assert action.is_canceling
        action.is_canceling = False
        if agrees:
            self.end(action, "aborted")

    @rule(at=ACTIONS, agrees=st.booleans(), by_itself=st.booleans())
    def answers(self, at: int, agrees: bool, by_itself: bool) -> None:
        if at >= len(self.actions):
            return
        action, row = self.actions[at], self.rows[at]
        try:
            (confirm if agrees else deny)(row=row, actor=None if by_itself else self.actor)
        except Conflict:
            assert action.state
        except NotFound:
            assert not action.is_waiting or action.is_canceling
        else:
            assert action.is_waiting
            action.is_waiting = not agrees

    @rule(at=ACTIONS)
    def retrieves(self, at: int) -> None:
        if at >= len(self.actions):
            return
        action = self.actions[at]
        may = not action.state and not action.is_waiting and not action.is_canceling
        try:
            retrieve(device=self.device, action=self.rows[at].number)
        except NotFound:
            assert not may
        else:
            assert may or action.state in {"success", "failure"}

    @rule(at=ACTIONS, state=st.sampled_from([State.INSTALLING, State.SUCCESS, State.FAILURE]))
    def reports(self, at: int, state: State) -> None:
        if at >= len(self.actions):
            return
        action, number = self.actions[at], self.rows[at].number
        try:
            hear(device=self.device, action=number, word=Word(state), said=Said(("so",)))
        except Conflict:
            assert action.state
        except NotFound:
            assert action.is_waiting or action.is_canceling
        else:
            assert not action.state
            if state is not State.INSTALLING:
                self.end(action, state.value)

    @invariant()
    def it_stands_where_the_model_says(self) -> None:
        device = Device.objects.annotate(
            standing=STANDING, assigned=ASSIGNED, installed=INSTALLED
        ).get(pk=self.device.pk)
        number_of = {each.number: at for at, each in enumerate(self.sets)}
        told = device.__dict__
        assert told["standing"] == self.standing()
        assert number_of.get(told["assigned"]) == self.assigned()
        assert number_of.get(told["installed"]) == self.installed
        rows = DeviceDeployment.objects.order_by("number").filter(device=device)
        active = set(rows.filter(is_active()).values_list("number", flat=True))
        assert [row.number in active for row in rows] == [not each.state for each in self.actions]
        canceling = [row.is_open and row.cancel_requested_at is not None for row in rows]
        assert canceling == [each.is_canceling and not each.state for each in self.actions]

    @invariant()
    def each_action_is_told_by_one_word(self) -> None:
        rows = DeviceDeployment.objects.annotate(detail=DETAIL)
        told = {row.number: detail_of(row) for row in rows}
        found = [
            (number, word)
            for word in DETAILS
            for number in rows.filter(has_detail(word)).values_list("number", flat=True)
        ]
        assert sorted(found) == sorted(told.items())
        for row, action in zip(self.rows, self.actions, strict=True):
            is_waiting = told[row.number] == Detail.WAIT_FOR_CONFIRMATION
            assert is_waiting == (
                action.is_waiting and not action.is_canceling and not action.state
            )
            assert (told[row.number] in ACTIVE) == (not action.state)


@pytest.mark.django_db(transaction=True)
def test_one_target() -> None:
    run(
        OneTarget,
        settings=settings(max_examples=8, stateful_step_count=20, deadline=None),
    )
