"""A dynamic deployment with a limit ends when that many have been through it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.finishing import close_if_complete
from deployments.models import Deployment
from deployments.planning import PhasePlan
from deployments.progress import progress_of
from deployments.reporting import report
from deployments.states import State, Status
from deployments.statistics import counts, status_of
from fleet.errors import Invalid
from fleet.models import Device
from tests.deployments.dynamic import call, make_dynamic, red
from tests.make import make_organization

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def quotas(deployment: Deployment) -> list[int | None]:
    return list(deployment.phases.values_list("quota", flat=True))


def through(devices: Iterable[Device], deployment: Deployment) -> list[bool]:
    """Whether each was offered it; those who were report success."""
    took = [device for device in devices if call(device)]
    for device in took:
        report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    close_if_complete(deployment.number)
    return [device in took for device in devices]


def status(deployment: Deployment) -> Status:
    """The same from the counts, from the list and on the page."""
    deployment.refresh_from_db()
    found = status_of(deployment, counts([deployment.number])[deployment.number])
    assert deployment in Deployment.objects.with_status(found)
    assert Deployment.objects.annotated_with_status().get(pk=deployment.pk).status == found
    shown = progress_of([deployment])[0]
    assert (shown.status, shown.is_active) == (found, found not in {"finished", "aborted"})
    assert shown.counts == counts([deployment.number])[deployment.number]
    return found


def test_it_ends_when_that_many_have_ended() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(4)]
    deployment = make_dynamic(organization, max_devices=2)
    assert status(deployment) is Status.PENDING
    assert through(devices[:1], deployment) == [True]
    assert status(deployment) is Status.IN_PROGRESS
    assert through(devices[1:], deployment) == [True, False, False]
    assert status(deployment) is Status.FINISHED
    assert deployment.device_deployments.count() == 2


def test_who_waits_still_comes_while_there_is_room() -> None:
    organization = make_organization()
    deployment = make_dynamic(organization, max_devices=2)
    first = red(organization)
    assert through([first], deployment) == [True]
    assert deployment.finished_at is None
    assert through([red(organization)], deployment) == [True]
    assert status(deployment) is Status.FINISHED


def test_places_that_nobody_took_count_as_pending() -> None:
    organization = make_organization()
    limited, open_ended = make_dynamic(organization, max_devices=3), make_dynamic(organization)
    assert counts([limited.number, open_ended.number]) == {
        limited.number: {State.PENDING: 3},
        open_ended.number: {},
    }
    call(red(organization))
    assert counts([limited.number])[limited.number] == {State.PENDING: 3}
    assert through([red(organization)], limited) == [True]
    assert counts([limited.number])[limited.number] == {State.PENDING: 2, State.SUCCESS: 1}
    assert status(limited) is Status.IN_PROGRESS
    Deployment.objects.filter(pk=limited.pk).update(
        finished_at=timezone.now(), aborted_at=timezone.now()
    )
    assert counts([limited.number])[limited.number] == {State.ABORTED: 1, State.SUCCESS: 1}
    assert status(limited) is Status.ABORTED


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(None, [2, 3, None]), (20, [2, 3, 15]), (10, [2, 3, 5]), (4, [2, 2, 0]), (1, [1, 0, 0])],
)
def test_the_limit_is_cut_off_the_phases(limit: int | None, expected: list[int | None]) -> None:
    organization = make_organization()
    for _ in range(10):
        red(organization)
    now = timezone.now()
    phases = [PhasePlan(25), PhasePlan(35, now), PhasePlan(None, now)]
    deployment = make_dynamic(organization, phases=phases, max_devices=limit)
    assert deployment.size == 10
    assert quotas(deployment) == expected


def test_new_matches_land_in_the_last_phase() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(2)]
    phases = [PhasePlan(50), PhasePlan(None, timezone.now() + HOUR)]
    deployment = make_dynamic(organization, phases=phases)
    devices += [red(organization) for _ in range(2)]
    assert through(devices, deployment) == [True, False, False, False]
    deployment.phases.filter(position=1).update(starts_at=timezone.now())
    assert through(devices, deployment) == [False, True, True, True]
    admitted = deployment.device_deployments.values_list("phase__position", flat=True)
    assert sorted(admitted) == [0, 1, 1, 1]


@pytest.mark.parametrize("limit", [0, -1, 2**31])
def test_a_limit_is_a_number_of_devices(limit: int) -> None:
    with pytest.raises(Invalid) as raised:
        make_dynamic(make_organization(), max_devices=limit)
    assert raised.value.code == "invalid_max_devices"
