"""Whatever is done about a device, in whatever order: what is told of its update holds together."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.aborting import abort
from deployments.device_update.changing import initialize, reset, start
from deployments.device_update.deriving import update_of
from deployments.device_update.installed import installations_of
from deployments.device_update.states import FAILED, DeviceUpdate
from deployments.device_update.states import UpdateState as U
from deployments.models import Deployment, DeviceDeployment
from deployments.pausing import pause, resume
from deployments.reporting import report
from deployments.states import State
from deployments.stopping import stop_gracefully
from fleet.errors import DomainError
from fleet.models import Device
from tests.deployments.calls import call
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db
WORDS = ("downloading", "installing", "rebooting", "success", "failure")


def on_newest(verb: Callable[..., object]) -> Callable[[Device], None]:
    """The verb on the deployment that was made last, if it may be done."""

    def do(device: Device) -> None:
        newest = Deployment.objects.filter(organization=device.organization).last()
        if newest is not None:
            verb(actor=make_actor(device.organization), deployment=newest)

    return do


def on_device(verb: Callable[..., object]) -> Callable[[Device], None]:
    return lambda device: verb(actor=make_actor(device.organization), device=device) and None


def says(word: str) -> Callable[[Device], None]:
    def do(device: Device) -> None:
        asked = DeviceDeployment.objects.open().asked().filter(device=device)
        if row := asked.select_related("deployment").order_by("-deployment").first():
            deployment = row.deployment.id
            report(device=device, deployment_id=deployment, state=State(word), substate=None)

    return do


def deploy(device: Device) -> None:
    make_deployment(devices=[device])


def calls(device: Device) -> None:
    call(device, device.software)


STEPS: dict[str, Callable[[Device], None]] = {
    "deploy": deploy,
    "calls": calls,
    **{word: says(word) for word in WORDS},
    **{verb.__name__: on_device(verb) for verb in (initialize, start, reset)},
    **{verb.__name__: on_newest(verb) for verb in (abort, stop_gracefully, pause, resume)},
}


@settings(max_examples=25)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=10))
def test_it_holds_together(steps: list[str]) -> None:
    device = make_device(make_organization(), device_type="board", software="old")
    make_artifact(make_release(device.organization, name="new"))
    before = update_of(device)
    for step in steps:
        device.refresh_from_db()
        try:
            STEPS[step](device)
            is_done = True
        except DomainError:
            is_done = False
        device.refresh_from_db()
        after = update_of(device)
        check(device, after)
        check_step(step, is_done, before, after)
        before = after


def check(device: Device, update: DeviceUpdate) -> None:
    rows = DeviceDeployment.objects.open().filter(device=device).select_related("deployment")
    going = [row for row in rows if not row.is_cut_off]
    assert (update.state in {U.INITIALIZED, U.RUNNING}) == bool(going)
    assert bool(update.target_version) == (update.state is not U.IDLE)
    assert update.description
    history = installations_of(device)
    assert history[0].version == "old"
    assert [each.at for each in history] == sorted(each.at for each in history)
    assert history[-1].version == device.software


def check_step(step: str, is_done: bool, before: DeviceUpdate, after: DeviceUpdate) -> None:
    assert after.since >= before.since
    if not is_done:
        assert (after.state, after.since) == (before.state, before.since)
    elif step == "initialize":
        assert (before.state, after.state) == (U.IDLE, U.INITIALIZED)
    elif step == "start":
        assert (before.state, after.state) == (U.INITIALIZED, U.RUNNING)
    elif step == "reset":
        assert after.state is U.IDLE
    elif after.state in FAILED and before.state not in FAILED:
        assert step in {"failure", "abort", "stop_gracefully", "calls"}
