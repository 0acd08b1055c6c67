"""Calls about the update of one device that meet."""

from collections.abc import Callable
from functools import partial

import pytest

from deployments.device_update.changing import initialize, reset, start
from deployments.device_update.deriving import update_of
from deployments.device_update.states import UpdateState as U
from deployments.models import Deployment, DeviceDeployment
from fleet.errors import Conflict, NotFound
from fleet.models import Device
from tests.at_once import at_once
from tests.deployments.calls import call
from tests.make import make_actor, make_artifact, make_device, make_organization, make_release

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = 6


@pytest.fixture
def device() -> Device:
    device = make_device(make_organization(), device_type="board", software="old")
    make_artifact(make_release(device.organization, name="new"))
    return device


def attempt(verb: Callable[..., object], device: Device) -> str:
    this = Device.objects.select_related("organization").get(number=device.number)
    try:
        verb(actor=make_actor(this.organization), device=this)
    except Conflict as refusal:
        return refusal.code
    return "done"


def test_of_several_preparations_one_wins(device: Device) -> None:
    told = at_once(partial(attempt, initialize, device) for _ in range(CALLS))
    assert sorted(told) == ["done"] + ["invalid_state"] * (CALLS - 1)
    assert Deployment.objects.count() == DeviceDeployment.objects.count() == 1
    assert update_of(device).state is U.INITIALIZED


def test_of_several_starts_one_wins(device: Device) -> None:
    attempt(initialize, device)
    told = at_once(partial(attempt, start, device) for _ in range(CALLS))
    assert sorted(told) == ["done"] + ["invalid_state"] * (CALLS - 1)
    assert update_of(device).state is U.RUNNING


def test_a_start_and_a_reset_come_one_after_the_other(device: Device) -> None:
    for _ in range(5):
        attempt(initialize, device)
        started, taken_back = at_once(partial(attempt, verb, device) for verb in (start, reset))
        assert taken_back == "done"
        assert started in {"done", "invalid_state"}
        assert update_of(device).state is U.IDLE
        assert call(device) is None


def test_the_device_begins_or_it_is_taken_back(device: Device) -> None:
    for _ in range(5):
        attempt(initialize, device)
        attempt(start, device)
        results = at_once([partial(_offered, device), partial(attempt, reset, device)])
        assert results in (["offered", "invalid_state"], ["nothing", "done"])
        if results[0] == "offered":
            assert update_of(device).state is U.RUNNING
            return
        assert update_of(device).state is U.IDLE


def _offered(device: Device) -> str:
    return "offered" if call(device) else "nothing"


@pytest.mark.parametrize("verb", [initialize, start, reset])
def test_one_that_was_taken_away_meanwhile(device: Device, verb: Callable[..., object]) -> None:
    known = Device.objects.select_related("organization").get(number=device.number)
    device.delete()
    with pytest.raises(NotFound):
        verb(actor=make_actor(known.organization), device=known)
