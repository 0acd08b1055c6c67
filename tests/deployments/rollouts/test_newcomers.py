"""Devices that come to match a dynamic rollout while it is under way."""

import pytest

from deployments import pausing
from deployments.rollouts.newcomers import fill_newcomers
from deployments.rollouts.plans import Conditions, Newcomers
from deployments.rollouts.states import RolloutState
from deployments.rollouts.totals import totals_of
from deployments.states import State
from fleet.errors import Conflict
from fleet.models import Organization
from jobs.periodic import PERIODIC
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
from tests.make import make_actor, make_device, make_organization

pytestmark = pytest.mark.django_db


def newcomer(organization: Organization, name: str) -> object:
    return make_device(organization, name=name, device_type="board", software="old")


def test_they_join_the_last_group_once_that_is_open() -> None:
    rollout, devices = make_started(1, amount=1, newcomers=Newcomers(2, "-new"))
    home = rollout.organization
    late = newcomer(home, "late")
    assert fill_newcomers() == 0
    finish(rollout, devices)
    come_round()
    assert [str(each.state) for each in totals_of([rollout])[0].groups] == ["finished", "running"]
    assert fill_newcomers() == 1
    assert fill_newcomers() == 0
    assert members(groups(rollout)[1]) == ["late"]
    assert offered(late) == str(rollout.id)  # type: ignore[arg-type]
    rollout.refresh_from_db()
    assert (rollout.size, groups(rollout)[1].size) == (2, 1)


def test_a_full_group_that_has_succeeded_makes_way_for_the_next() -> None:
    rollout, devices = make_started(1, amount=1, newcomers=Newcomers(2, "-new"))
    home = rollout.organization
    finish(rollout, devices)
    come_round()
    more = make_fleet(home, 5)
    assert fill_newcomers() == 2
    come_round()
    assert len(groups(rollout)) == 2
    finish(rollout, more[:1])
    come_round()
    assert [group.name for group in groups(rollout)] == ["group-1", "group-2-new", "group-3-new"]
    assert fill_newcomers() == 2
    assert [len(members(group)) for group in groups(rollout)] == [1, 2, 2]


def test_it_never_finishes_by_itself() -> None:
    rollout, devices = make_started(1, amount=1, newcomers=Newcomers(1))
    finish(rollout, devices)
    come_round()
    come_round()
    rollout.refresh_from_db()
    assert (state(rollout), rollout.finished_at) == (RolloutState.RUNNING, None)


def test_nobody_joins_one_that_is_paused_or_stopped() -> None:
    rollout, devices = make_started(1, amount=1, newcomers=Newcomers(1))
    finish(rollout, devices)
    come_round()
    make_fleet(rollout.organization, 1)
    pausing.pause(actor=make_actor(rollout.organization), deployment=rollout)
    assert fill_newcomers() == 0


def test_newcomers_that_fail_pause_it() -> None:
    rollout, devices = make_started(
        1, amount=1, newcomers=Newcomers(2), conditions=Conditions(error=0)
    )
    finish(rollout, devices)
    come_round()
    (late,) = make_fleet(rollout.organization, 1)
    fill_newcomers()
    finish(rollout, [late], State.FAILURE)
    come_round()
    assert state(rollout) is RolloutState.PAUSED
    rollout.refresh_from_db()
    pausing.resume(actor=make_actor(rollout.organization), deployment=rollout)
    assert (state(rollout), opened(rollout)) == (RolloutState.RUNNING, 3)


def test_a_query_that_nobody_can_read_any_more_brings_nobody() -> None:
    home = make_organization()
    rollout = make_rollout(home, query="name==x", amount=1, newcomers=Newcomers(1))
    assert groups(rollout)[0].size == 0
    type(rollout).objects.filter(number=rollout.number).update(query="nosuch==1")
    with pytest.raises(Conflict):
        pausing.resume(actor=make_actor(home), deployment=rollout)
    assert fill_newcomers() == 0


def test_they_are_looked_for_once_a_minute() -> None:
    assert PERIODIC["deployments.fill_newcomers"].seconds >= 60
