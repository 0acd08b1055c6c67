"""Pauses, retries, aborts and the calls of devices that meet."""

from contextlib import suppress
from functools import partial

import pytest

from deployments.aborting import abort
from deployments.finishing import close_complete
from deployments.models import Deployment
from deployments.noticing import notice
from deployments.pausing import pause, resume
from deployments.retrying import retry_failed
from deployments.states import OPEN
from fleet.errors import Conflict, NotFound
from fleet.models import Device
from jobs.running import run_due
from tests.at_once import at_once
from tests.deployments.calls import call, offered, say
from tests.deployments.dynamic import make_dynamic, red
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 30


def fleet() -> tuple[Deployment, list[Device]]:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(SIZE)]
    return make_deployment(organization), devices


def fails(device: Device, deployment: Deployment) -> str:
    call(device)
    with suppress(Conflict, NotFound):
        say(device, deployment, "failure")
    return ""


def retry(deployment: Deployment) -> str:
    try:
        retry_failed(
            actor=make_actor(deployment.organization),
            deployment=Deployment.objects.get(pk=deployment.pk),
        )
    except Conflict as refusal:
        return refusal.code
    return "retried"


def stop(deployment: Deployment) -> str:
    try:
        abort(actor=make_actor(deployment.organization), deployment=deployment)
    except Conflict as refusal:
        return refusal.code
    return "aborted"


def test_after_a_pause_only_those_go_on_who_were_let_in() -> None:
    deployment, devices = fleet()
    actor = make_actor(deployment.organization)
    act = partial(pause, actor=actor, deployment=deployment)
    at_once([*[partial(offered, device) for device in devices], act])
    let_in = deployment.device_deployments.asked().count()
    assert sum(bool(offered(device)) for device in devices) == let_in
    resume(actor=actor, deployment=deployment)
    assert all(offered(device) for device in devices)


def test_of_many_pauses_one_is_taken() -> None:
    deployment, _ = fleet()

    def act() -> int:
        try:
            pause(actor=make_actor(deployment.organization), deployment=deployment)
        except Conflict:
            return 0
        return 1

    assert sum(at_once([act] * 8)) == 1


def test_a_retry_among_failures_and_an_abort_leaves_nothing_open_behind() -> None:
    deployment, devices = fleet()
    for device in devices[: SIZE // 2]:
        fails(device, deployment)
    calls = [partial(fails, device, deployment) for device in devices[SIZE // 2 :]]
    done = at_once([*calls, partial(retry, deployment), partial(stop, deployment)])
    assert "aborted" in done
    run_due()
    rows = deployment.device_deployments
    assert not rows.filter(state__in=sorted(OPEN)).exists()


def test_who_goes_on_to_a_newer_one_is_not_called_back() -> None:
    deployment, devices = fleet()
    for device in devices:
        fails(device, deployment)
    newer = make_deployment(deployment.organization)
    at_once([*[partial(offered, device) for device in devices], partial(retry, deployment)])
    twice = deployment.device_deployments.filter(state="pending").values("device")
    begun = newer.device_deployments.asked()
    assert not begun.filter(device__in=twice).exists()
    assert begun.count() + twice.count() == SIZE


def test_a_deployment_that_is_being_retried_is_not_closed() -> None:
    deployment, devices = fleet()
    for device in devices:
        fails(device, deployment)
    at_once([*[close_complete] * 8, partial(retry, deployment), notice])
    deployment.refresh_from_db()
    assert deployment.finished_at is None


def test_an_abort_among_those_who_take_places_leaves_nobody_behind() -> None:
    organization = make_organization()
    devices = [red(organization) for _ in range(SIZE)]
    deployment = make_dynamic(organization, max_devices=SIZE)
    done = at_once([*[partial(offered, device) for device in devices], partial(stop, deployment)])
    assert "aborted" in done
    run_due()
    assert not deployment.device_deployments.filter(state__in=sorted(OPEN)).exists()
