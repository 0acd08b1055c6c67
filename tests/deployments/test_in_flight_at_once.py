"""Many devices ask at the same moment for the few places of a deployment with a limit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from deployments.models import Deployment, DeviceDeployment
from deployments.offers import Offer, poll
from deployments.states import State
from deployments.stopping import stop_gracefully
from fleet.models import Device
from tests.api.hawkbit.ddi.callers import controller
from tests.api.hawkbit.ddi.making import assign
from tests.at_once import at_once
from tests.deployments.calls import call, say
from tests.make import (
    make_actor,
    make_claims,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 10


def asking(device: Device) -> Callable[[], Offer | None]:
    claims = make_claims(device)
    return lambda: poll(claims, {"device_type": "board", "artifact_name": "old"})


def make_limited(devices: list[Device], limit: int = LIMIT) -> Deployment:
    deployment = make_deployment(devices=devices)
    deployment.in_flight_limit = limit
    deployment.save()
    return deployment


def at_it(deployment: Deployment) -> int:
    return deployment.device_deployments.open().asked().count()


def test_of_fifty_that_poll_exactly_ten_are_at_it() -> None:
    home = make_organization()
    devices = [make_device(home) for _ in range(50)]
    deployment = make_limited(devices)
    offers = at_once([asking(device) for device in devices], threads=50)
    assert len([offer for offer in offers if offer]) == at_it(deployment) == LIMIT
    begun = [row.device for row in deployment.device_deployments.asked().select_related("device")]
    for device in begun[:4]:
        assert device
        say(device, deployment, "success")
    at_once([asking(device) for device in devices], threads=50)
    assert at_it(deployment) == LIMIT


def test_of_fifty_that_come_for_it_exactly_ten_are_at_it() -> None:
    home = make_organization()
    targets = [make_target(home) for _ in range(50)]
    row = assign(targets[0], make_distribution_set(home), in_flight_limit=LIMIT)
    others = [
        DeviceDeployment(
            deployment=row.deployment, device=each, device_ref=str(each.id), phase=row.phase
        )
        for each in targets[1:]
    ]
    rows = [row, *DeviceDeployment.objects.bulk_create(others)]
    boxes = [controller(each) for each in targets]

    def coming(number: int) -> Callable[[], int]:
        box, action = boxes[number], rows[number].number
        return lambda: int(box.get(f"deploymentBase/{action}").status_code)

    answers = at_once([coming(number) for number in range(50)], threads=50)
    assert (answers.count(200), answers.count(404)) == (LIMIT, 40)
    assert at_it(row.deployment) == LIMIT


def test_the_limit_holds_at_every_moment_while_devices_come_and_go() -> None:
    home = make_organization()
    devices = [make_device(home) for _ in range(40)]
    deployment = make_limited(devices, 5)
    seen: list[int] = []
    is_over = Event()

    def watch() -> None:
        try:
            while not is_over.is_set():
                seen.append(at_it(deployment))
        finally:
            connection.close()

    def working(device: Device) -> Callable[[], None]:
        def work() -> None:
            for _ in range(400):
                if call(device) is not None:
                    say(device, deployment, "installing", "success")
                    return

        return work

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        at_once([working(device) for device in devices], threads=12)
        is_over.set()
        watching.result()
    assert max(seen) <= 5
    deployment.refresh_from_db()
    assert deployment.finished_at
    assert set(deployment.device_deployments.values_list("state", flat=True)) == {State.SUCCESS}


def test_a_stop_against_devices_that_are_being_let_in_leaves_nothing_open() -> None:
    for _ in range(5):
        home = make_organization()
        devices = [make_device(home) for _ in range(24)]
        deployment = make_deployment(home, retries=1)

        def stop(this: Deployment = deployment) -> None:
            stop_gracefully(actor=make_actor(this.organization), deployment=this)

        calls: list[Callable[[], object]] = [asking(device) for device in devices]
        at_once([*calls[:12], stop, *calls[12:]], threads=12)
        begun = deployment.device_deployments.filter(is_instructed=True)
        waiting = deployment.device_deployments.open().filter(is_instructed=False)
        assert not waiting.exists()
        told = [row.device for row in begun.select_related("device")]

        def failing(device: Device, this: Deployment = deployment) -> Callable[[], None]:
            return lambda: say(device, this, "failure")

        at_once([failing(device) for device in told if device] or [lambda: None])
        deployment.refresh_from_db()
        assert deployment.finished_at
        assert not deployment.device_deployments.open().exists()
