"""The six sums of hawkBit agree with what every other dialect counts."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from deployments.aborting import abort
from deployments.creating import create_deployment
from deployments.models import Deployment, DeviceDeployment
from deployments.planning import PhasePlan, Plan
from deployments.rollouts.totals import Totals, totals_of
from deployments.states import OPEN, State
from deployments.statistics import counts
from tests.deployments.calls import call, say
from tests.deployments.groups import make_rollout as make_rollout_in
from tests.deployments.rollouts.makers import (
    come_round,
    finish,
    make_fleet,
    make_rollout,
    make_started,
)
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_filter,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db


def totals(deployment: Deployment) -> Totals:
    (found,) = totals_of([Deployment.objects.get(number=deployment.number)])
    told = counts([deployment.number])[deployment.number]
    assert found.totals.devices == sum(told.values())
    assert found.totals.error == told.get(State.FAILURE, 0)
    waiting = found.totals.scheduled + found.totals.running + found.totals.notstarted
    assert waiting == sum(told.get(state, 0) for state in OPEN)
    return found.totals


def test_a_rollout_from_its_beginning() -> None:
    home = make_organization()
    make_fleet(home, 4)
    rollout = make_rollout(home, name="first")
    assert totals(rollout) == Totals(notstarted=4)
    rollout, devices = make_started(4, name="second", query="name==d*")
    assert totals(rollout) == Totals(running=2, scheduled=2)
    finish(rollout, devices[:1])
    finish(rollout, devices[1:2], State.FAILURE)
    assert totals(rollout) == Totals(finished=1, error=1, scheduled=2)
    come_round()
    assert totals(rollout) == Totals(finished=1, error=1, running=2)


def test_what_was_planned_in_phases() -> None:
    home = make_organization()
    devices = make_fleet(home, 4)
    later = timezone.now() + timedelta(hours=1)
    plan = make_deployment(home, phases=[PhasePlan(25), PhasePlan(None, later)])
    assert totals(plan) == Totals(running=1, scheduled=3)
    assert [each.totals.devices for each in totals_of([plan])[0].groups] == [1, 3]
    assert call(devices[0]) is not None
    say(devices[0], plan, "success")
    assert totals(plan) == Totals(finished=1, scheduled=3)
    abort(actor=make_actor(home), deployment=plan)
    assert totals(plan) == Totals(finished=1, cancelled=3)


def test_what_was_planned_for_later_has_not_started() -> None:
    home = make_organization()
    make_fleet(home, 2)
    later = timezone.now() + timedelta(hours=1)
    plan = make_deployment(home, phases=[PhasePlan(50, later), PhasePlan(None, later)])
    assert totals(plan) == Totals(notstarted=2)


def test_already_installed_is_finished_and_what_nothing_fits_is_cancelled() -> None:
    home = make_organization()
    has_it, other = make_fleet(home, 1)[0], make_device(home, device_type="other")
    plan = make_deployment(home)
    call(has_it, plan.release_name)
    call(other)
    assert totals(plan).finished == 1
    assert totals(plan).devices == 2


def test_a_dynamic_one_counts_its_free_places() -> None:
    home = make_organization()
    release = make_artifact(make_release(home)).release
    plan = Plan(
        name="dynamic",
        release_name=release.name,
        target=Deployment.Target.FILTER,
        filter_id=make_filter(home).id,
        max_devices=3,
    )
    made = create_deployment(actor=make_actor(home), organization=home, plan=plan)
    assert totals(made) == Totals(running=3)


def test_a_page_of_them_costs_what_one_costs(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    home = make_organization()
    make_fleet(home, 3)
    for number in range(3):
        make_rollout(home, name=f"rollout {number}")
    page = list(Deployment.objects.of(home))
    with django_assert_num_queries(2):
        totals_of(page)


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 3), min_size=1, max_size=4),
    opened=st.integers(0, 4),
    states=st.lists(st.sampled_from(State), min_size=12, max_size=12),
    ending=st.sampled_from(["", "finished_at", "aborted_at", "stopped_at", "paused_at"]),
)
def test_whatever_becomes_of_the_devices_of_groups_the_sums_are_right(
    sizes: list[int], opened: int, states: list[State], ending: str
) -> None:
    with transaction.atomic():
        now = timezone.now()
        facts = {ending: now} if ending else {}
        if ending == "aborted_at":
            facts["finished_at"] = now
        home = make_organization()
        devices = [[make_device(home) for _ in range(size)] for size in sizes]
        rollout = make_rollout_in(*devices, opened=opened, organization=home, **facts)
        rows = DeviceDeployment.objects.filter(deployment=rollout).order_by("number")
        for row, state in zip(rows, states, strict=False):
            row.state, row.is_open = state, state in OPEN
            row.finished_at = None if row.is_open else now
            row.save()
        totals(rollout)
        (found,) = totals_of([Deployment.objects.get(number=rollout.number)])
        assert [group.totals.devices for group in found.groups] == sizes
        assert found.totals.devices == rollout.size
        transaction.set_rollback(True)
