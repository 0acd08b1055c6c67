"""A device reports how it gets on."""

from typing import Any

import pytest
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.offers import Offer, poll
from deployments.reporting import report
from deployments.states import State
from fleet.errors import Conflict, DomainError, Invalid, NotFound
from fleet.models import Device
from tests.make import make_claims, make_deployment, make_device

pytestmark = pytest.mark.django_db
PROVIDES = {"device_type": "board", "artifact_name": "old"}


def call(device: Device) -> Offer | None:
    return poll(make_claims(device), PROVIDES)


def begun(**facts: Any) -> tuple[Device, Deployment]:
    device = make_device(software="old")
    deployment = make_deployment(devices=[device], **facts)
    assert call(device)
    return device, deployment


def say(device: Device, deployment: Deployment, *states: str, substate: str | None = None) -> None:
    for state in states:
        report(device=device, deployment_id=deployment.id, state=State(state), substate=substate)


def row() -> DeviceDeployment:
    return DeviceDeployment.objects.get()


def refusal(device: Device, deployment: Deployment, state: str = "installing") -> DomainError:
    before = row().state
    with pytest.raises(DomainError) as raised:
        say(device, deployment, state)
    assert row().state == before
    return raised.value


def test_its_way_is_kept_with_times_and_events() -> None:
    device, deployment = begun()
    say(device, deployment, "downloading", "installing", "rebooting")
    assert row().started_at
    assert row().is_open
    say(device, deployment, "success")
    assert (row().state, row().is_open) == ("success", False)
    assert row().finished_at
    said = StatusEvent.objects.values_list("state", flat=True)
    assert list(said) == ["downloading", "installing", "rebooting", "success"]
    device.refresh_from_db()
    assert device.software == deployment.release_name


def test_saying_it_again_writes_nothing() -> None:
    device, deployment = begun()
    say(device, deployment, "downloading", "downloading", "downloading")
    assert StatusEvent.objects.count() == 1
    say(device, deployment, "success", "success")
    finished_at = row().finished_at
    say(device, deployment, "success")
    assert row().finished_at == finished_at


def test_it_may_go_back_and_out_of_its_own_final_word() -> None:
    device, deployment = begun()
    say(device, deployment, "installing", "downloading", "failure", "installing")
    assert (row().state, row().is_open, row().finished_at) == ("installing", True, None)
    say(device, deployment, "success", "failure")
    assert row().state == "failure"


def test_a_substate_is_kept_until_another_is_given() -> None:
    device, deployment = begun()
    say(device, deployment, "installing", substate="step 1\0")
    say(device, deployment, "rebooting")
    assert row().substate == "step 1\ufffd"
    say(device, deployment, "rebooting", substate="")
    assert (row().substate, StatusEvent.objects.count()) == ("", 3)


def test_a_substate_of_201_characters_is_refused() -> None:
    device, deployment = begun()
    say(device, deployment, "installing", substate="x" * 200)
    with pytest.raises(Invalid):
        say(device, deployment, "installing", substate="x" * 201)


@pytest.mark.parametrize("state", ["pending", "no_artifact", "aborted", "decommissioned"])
def test_some_words_are_not_the_devices_to_say(state: str) -> None:
    assert isinstance(refusal(*begun(), state), Invalid)


def test_a_device_that_was_not_let_in_has_nothing_to_report() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    assert isinstance(refusal(device, deployment), NotFound)
    assert isinstance(refusal(make_device(), deployment), NotFound)


def test_nobody_reports_for_another_organizations_deployment() -> None:
    device = make_device()
    deployment = make_deployment(devices=[str(device.id)])
    make_deployment(devices=[device])
    call(device)
    deployment.device_deployments.update(admitted_at=timezone.now())
    with pytest.raises(NotFound):
        say(device, deployment, "installing")


@pytest.mark.parametrize("is_tidied", [True, False])
def test_an_aborted_deployment_is_said_so(is_tidied: bool) -> None:
    device, deployment = begun()
    now = timezone.now()
    Deployment.objects.update(aborted_at=now, finished_at=now)
    if is_tidied:
        DeviceDeployment.objects.update(state="aborted", is_open=False, finished_at=now)
    error = refusal(device, deployment)
    assert (type(error), error.code) == (Conflict, "deployment_aborted")


def test_what_ended_before_the_abort_may_be_said_again_but_not_reopened() -> None:
    device, deployment = begun()
    say(device, deployment, "success")
    now = timezone.now()
    Deployment.objects.update(aborted_at=now, finished_at=now)
    say(device, deployment, "success")
    assert refusal(device, deployment).code == "deployment_aborted"


@pytest.mark.parametrize(
    ("state", "code"),
    [("decommissioned", "device_decommissioned"), ("no_artifact", "nothing_offered")],
)
def test_what_was_decided_over_its_head_stays(state: str, code: str) -> None:
    device, deployment = begun()
    DeviceDeployment.objects.update(state=state, is_open=False, finished_at=timezone.now())
    assert refusal(device, deployment).code == code
