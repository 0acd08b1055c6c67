"""Phases open by time and let in as many as they have room for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.models import Deployment
from deployments.offers import poll
from deployments.planning import PhasePlan
from fleet.models import Device
from tests.make import make_claims, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def offered(devices: list[Device]) -> list[bool]:
    provides = {"device_type": "board", "artifact_name": "old"}
    return [poll(make_claims(device), provides) is not None for device in devices]


def deployment_in_phases(*phases: PhasePlan) -> tuple[Deployment, list[Device]]:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(10)]
    return make_deployment(organization, phases=phases), devices


def admitted(deployment: Deployment) -> list[int]:
    rows = deployment.device_deployments.asked()
    return [rows.filter(phase=phase).count() for phase in deployment.phases.all()]


def test_whoever_asks_first_is_let_in_until_the_phase_is_full() -> None:
    now = timezone.now()
    phases = PhasePlan(30), PhasePlan(20, now + HOUR), PhasePlan(None, now + HOUR * 2)
    deployment, devices = deployment_in_phases(*phases)
    assert offered(devices[::-1]) == [True] * 3 + [False] * 7
    assert deployment.device_deployments.asked().count() == 3
    deployment.phases.filter(position=1).update(starts_at=now)
    assert offered(devices) == [True] * 2 + [False] * 5 + [True] * 3
    deployment.phases.update(starts_at=now)
    assert all(offered(devices))
    assert admitted(deployment) == [3, 2, 5]


def test_phases_that_are_open_together_fill_in_order() -> None:
    now = timezone.now()
    phases = PhasePlan(30, now), PhasePlan(20, now), PhasePlan(None, now + HOUR)
    deployment, devices = deployment_in_phases(*phases)
    assert sum(offered(devices)) == 5
    assert admitted(deployment) == [3, 2, 0]


def test_nothing_begins_before_the_first_phase_opens() -> None:
    deployment, devices = deployment_in_phases(PhasePlan(starts_at=timezone.now() + HOUR))
    assert not any(offered(devices))
    # The very moment counts, whatever the digits of the stored second.
    deployment.phases.update(starts_at=timezone.now().replace(microsecond=0))
    assert all(offered(devices))


def test_a_part_that_ends_at_once_takes_a_place() -> None:
    deployment, devices = deployment_in_phases(
        PhasePlan(10), PhasePlan(None, timezone.now() + HOUR)
    )
    provides = {"device_type": "board", "artifact_name": deployment.release_name}
    assert poll(make_claims(devices[0]), provides) is None
    assert not any(offered(devices))
