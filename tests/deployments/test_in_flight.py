"""At most so many devices are at it at once; the others wait their turn."""

import pytest

from deployments.explaining import explain
from deployments.models import Deployment, DeviceDeployment
from deployments.retrying import retry_failed
from deployments.states import State
from fleet.models import Device
from tests.api.hawkbit.ddi.callers import controller
from tests.api.hawkbit.ddi.making import assign
from tests.deployments.calls import call, offered, part, say
from tests.make import (
    make_actor,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db(transaction=True)


def make_limited(devices: list[Device], limit: int, **facts: object) -> Deployment:
    deployment = make_deployment(devices=devices, **facts)
    deployment.in_flight_limit = limit
    deployment.save()
    return deployment


@pytest.fixture
def fleet() -> list[Device]:
    home = make_organization()
    return [make_device(home, device_type="board", software="old") for _ in range(4)]


def test_whoever_ends_makes_room_for_the_next(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 2)
    assert [call(device) is not None for device in fleet] == [True, True, False, False]
    say(fleet[0], deployment, "downloading", "installing")
    assert call(fleet[2]) is None
    say(fleet[0], deployment, "success")
    assert call(fleet[2]) is not None
    assert call(fleet[3]) is None
    say(fleet[1], deployment, "failure")
    assert call(fleet[3]) is not None


def test_who_has_begun_is_told_again_however_full_it_is(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 1)
    assert offered(fleet[0]) == offered(fleet[0]) == str(deployment.id)
    assert call(fleet[1]) is None


def test_who_waits_for_its_next_attempt_keeps_its_place(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 1, retries=1)
    call(fleet[0])
    say(fleet[0], deployment, "failure")
    assert part(fleet[0], deployment).state == State.PENDING
    assert call(fleet[1]) is None
    assert call(fleet[0]) is not None
    say(fleet[0], deployment, "failure")
    assert call(fleet[1]) is not None


def test_those_that_are_to_try_again_wait_their_turn_as_well(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 1)
    for device in fleet[:3]:
        call(device)
        say(device, deployment, "failure")
    deployment.refresh_from_db()
    retry_failed(actor=make_actor(deployment.organization), deployment=deployment)
    assert [call(device) is not None for device in fleet] == [True, False, False, False]
    # What it says once more of its last attempt is heard.
    say(fleet[1], deployment, "failure")
    say(fleet[0], deployment, "success")
    assert [call(device) is not None for device in fleet[1:]] == [True, False, False]


def test_who_tries_again_gives_its_place_in_its_phase_back(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 4)
    phase = deployment.phases.get()
    phase.quota = 2
    phase.save()
    for device in fleet[:2]:
        call(device)
        say(device, deployment, "failure")
    deployment.refresh_from_db()
    retry_failed(actor=make_actor(deployment.organization), deployment=deployment)
    phase.refresh_from_db()
    assert phase.admitted == 0
    assert [call(device) is not None for device in fleet] == [True, True, False, False]


def test_what_is_newer_waits_behind_it(fleet: list[Device]) -> None:
    limited = make_limited(fleet, 1)
    newer = make_deployment(devices=fleet)
    call(fleet[0])
    assert call(fleet[1]) is None
    assert not DeviceDeployment.objects.asked().filter(deployment=newer).exists()
    say(fleet[0], limited, "success")
    assert offered(fleet[1]) == str(limited.id)
    assert offered(fleet[0]) == str(newer.id)


def test_who_has_it_already_ends_as_it_comes_to_its_turn(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 1)
    call(fleet[0])
    assert call(fleet[1], deployment.release_name) is None
    assert part(fleet[1], deployment).is_open
    say(fleet[0], deployment, "success")
    assert call(fleet[1], deployment.release_name) is None
    assert part(fleet[1], deployment).state == State.ALREADY_INSTALLED


def test_devices_that_name_themselves_wait_their_turn() -> None:
    home = make_organization()
    release = make_distribution_set(home)
    first, second = make_target(home), make_target(home)
    one = assign(first, release, in_flight_limit=1)
    two = DeviceDeployment.objects.create(
        deployment=one.deployment, device=second, device_ref=str(second.id), phase=one.phase
    )
    assert controller(first).links().keys() >= {"deploymentBase"}
    assert controller(second).links().keys() >= {"deploymentBase"}
    assert controller(first).get(f"deploymentBase/{one.number}").status_code == 200
    assert "deploymentBase" not in controller(second).links()
    assert controller(second).get(f"deploymentBase/{two.number}").status_code == 404
    assert controller(second).say(f"deploymentBase/{two.number}", "proceeding") == 404
    assert controller(first).say(f"deploymentBase/{one.number}", "closed", "success") == 200
    assert controller(second).get(f"deploymentBase/{two.number}").status_code == 200


def test_why_a_device_waits(fleet: list[Device]) -> None:
    deployment = make_limited(fleet, 2)
    call(fleet[0])
    assert explain(fleet[2], deployment).offered
    call(fleet[1])
    found = explain(fleet[2], deployment)
    assert not found.offered
    (reason,) = [each for each in found.reasons if each.code == "in_flight"]
    assert reason.text == "2 of 2 are at it; the device waits its turn"
    assert not reason.blocks
    codes = {each.code for each in explain(fleet[0], deployment).reasons}
    assert "in_flight" not in codes
