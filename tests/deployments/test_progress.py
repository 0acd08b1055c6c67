"""How far a deployment is: true numbers in all and phase by phase."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.models import DeviceDeployment
from deployments.planning import PhasePlan
from deployments.progress import progress_of
from tests.make import make_deployment, make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def deployment(home_devices):
    later = timezone.now() + timedelta(days=1)
    phases = [PhasePlan(20), PhasePlan(30, later), PhasePlan(None, later)]
    return make_deployment(devices=home_devices, phases=phases)


@pytest.fixture
def home_devices():
    first = make_device()
    return [first, *(make_device(first.organization) for _ in range(9))]


def say(deployment, position, state, phase=0):
    row = deployment.device_deployments.order_by("number")[position]
    is_open = state == "installing"
    DeviceDeployment.objects.filter(pk=row.pk).update(
        state=state,
        is_open=is_open,
        finished_at=None if is_open else timezone.now(),
        phase=deployment.phases.all()[phase],
        admitted_at=timezone.now(),
    )


def shown(deployment):
    (progress,) = progress_of([deployment])
    return [
        (phase.size, {part.kind: part.count for part in phase.parts}) for phase in progress.phases
    ]


def test_who_waits_is_counted_where_there_is_room(deployment):
    assert shown(deployment) == [(2, {"wait": 2}), (3, {"wait": 3}), (5, {"wait": 5})]
    say(deployment, 0, "success")
    say(deployment, 1, "installing")
    assert shown(deployment) == [(2, {"ok": 1, "run": 1}), (3, {"wait": 3}), (5, {"wait": 5})]


def test_the_phases_sum_up_to_the_whole(deployment):
    say(deployment, 0, "success")
    say(deployment, 1, "no_artifact")
    say(deployment, 2, "failure", phase=1)
    (progress,) = progress_of([deployment])
    assert sum(part.count for phase in progress.phases for part in phase.parts) == 9
    assert [(state.value, count) for state, count in progress.apart] == [("no_artifact", 1)]
    assert (progress.installed, progress.failed, progress.waiting) == (1, 1, 7)


def test_a_phase_is_done_when_all_in_it_have_ended(deployment):
    say(deployment, 0, "success")
    say(deployment, 1, "failure")
    (progress,) = progress_of([deployment])
    assert [(phase.is_done, phase.is_open) for phase in progress.phases] == [
        (True, False),
        (False, False),
        (False, False),
    ]
    assert progress.next_phase.position == 2
    assert progress.open_phase == 1


def test_many_take_two_queries_more_than_none(deployment, django_assert_num_queries):
    more = [make_deployment(deployment.organization, devices=[make_device()]) for _ in range(3)]
    with django_assert_num_queries(2):
        for progress in progress_of([deployment, *more]):
            assert progress.phases
            assert progress.status
