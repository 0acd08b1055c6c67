"""Many devices, and one device many times, ask at the same moment."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.models import DeviceDeployment
from deployments.offers import Offer, poll
from deployments.planning import PhasePlan
from fleet.models import Device
from tests.at_once import at_once
from tests.make import make_claims, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def asking(device: Device, software: str = "old") -> Callable[[], Offer | None]:
    claims = make_claims(device)
    return lambda: poll(claims, {"device_type": "board", "artifact_name": software})


def test_a_phase_of_ten_percent_of_500_lets_in_exactly_50() -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(500)]
    phases = [PhasePlan(10), PhasePlan(None, timezone.now() + timedelta(hours=1))]
    deployment = make_deployment(organization, phases=phases)
    offers = [offer for offer in at_once(asking(device) for device in devices) if offer]
    assert len({offer.device_deployment for offer in offers}) == len(offers) == 50
    assert deployment.device_deployments.asked().count() == 50
    assert [phase.admitted for phase in deployment.phases.all()] == [50, 0]


def test_one_device_that_asks_many_times_at_once_gets_one_instruction() -> None:
    device = make_device()
    deployments = [make_deployment(devices=[device]) for _ in range(3)]
    offers = at_once(itertools.repeat(asking(device), 40))
    assert None not in offers
    assert {offer and offer.deployment_id for offer in offers} == {deployments[0].id}
    row = DeviceDeployment.objects.asked().get()
    assert (row.deployment, row.attempts) == (deployments[0], 1)


def test_a_full_phase_and_the_deployment_behind_it_share_the_devices_out() -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(40)]
    later = timezone.now() + timedelta(hours=1)
    first = make_deployment(organization, phases=[PhasePlan(25), PhasePlan(None, later)])
    second = make_deployment(organization)
    calls = itertools.chain.from_iterable(itertools.repeat(asking(device), 3) for device in devices)
    offers = at_once(calls)
    assert None not in offers
    assert DeviceDeployment.objects.asked().filter(deployment=first).count() == 10
    assert DeviceDeployment.objects.asked().filter(deployment=second).count() == 30
    assert DeviceDeployment.objects.asked().values("device").distinct().count() == 40


def test_already_installed_everywhere_at_once_finishes_the_deployment() -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(40)]
    deployment = make_deployment(organization)
    at_once(asking(device, deployment.release_name) for device in devices)
    deployment.refresh_from_db()
    assert deployment.finished_at
    assert not deployment.device_deployments.open().exists()
