"""Devices race for the places of a dynamic deployment."""

import itertools
from collections.abc import Callable

import pytest

from deployments.aborting import abort
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import Offer, poll
from deployments.reporting import report
from deployments.states import State
from fleet.models import Device
from tests.at_once import at_once
from tests.deployments.dynamic import make_dynamic, red
from tests.make import make_actor, make_claims, make_deployment, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def asking(device: Device) -> Callable[[], Offer | None]:
    claims = make_claims(device)
    return lambda: poll(claims, {"device_type": "board", "artifact_name": "old"})


def test_of_fifty_that_race_for_ten_places_ten_get_one() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(50)]
    deployment = make_dynamic(organization, max_devices=10)
    calls = itertools.chain.from_iterable(itertools.repeat(asking(device), 2) for device in devices)
    offers = [offer for offer in at_once(calls) if offer]
    assert len({offer.device_deployment for offer in offers}) == 10
    assert deployment.device_deployments.count() == 10
    assert deployment.phases.get().admitted == 10


def test_one_device_that_asks_many_times_at_once_gets_one_part() -> None:
    organization = make_organization()
    device = red(organization)
    first = make_dynamic(organization)
    make_deployment(organization, devices=[device])
    make_dynamic(organization)
    offers = at_once(itertools.repeat(asking(device), 30))
    assert {offer and offer.deployment_id for offer in offers} == {first.id}
    row = DeviceDeployment.objects.asked().get()
    assert (row.deployment, row.attempts) == (first, 1)


def test_an_abort_leaves_nobody_open_behind_it() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(30)]
    deployment = make_dynamic(organization)
    actor = make_actor(organization)
    calls: list[Callable[[], object]] = [asking(device) for device in devices]
    calls.insert(10, lambda: abort(actor=actor, deployment=deployment))
    at_once(calls)
    assert not deployment.device_deployments.open().exists()


def test_the_last_reports_at_once_end_it() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(10)]
    deployment = make_dynamic(organization, max_devices=10)
    at_once(asking(device) for device in devices)

    def done(device: Device) -> Callable[[], None]:
        facts = {"deployment_id": deployment.id, "state": State.SUCCESS, "substate": None}
        return lambda: report(device=device, **facts)  # type: ignore[arg-type]

    at_once(done(device) for device in devices)
    assert Deployment.objects.get().finished_at
