"""A failure with attempts left is not the end."""

import pytest

from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.offers import Offer, poll
from deployments.reporting import report
from deployments.states import State
from fleet.models import Device
from tests.make import make_artifact, make_claims, make_deployment, make_device

pytestmark = pytest.mark.django_db(transaction=True)


def call(device: Device) -> Offer | None:
    return poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})


def say(device: Device, deployment: Deployment, *states: str) -> None:
    for state in states:
        report(device=device, deployment_id=deployment.id, state=State(state), substate=None)


def row() -> DeviceDeployment:
    return DeviceDeployment.objects.get()


def test_it_is_offered_again_until_the_attempts_are_used_up() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=2)
    for attempt in (1, 2, 3):
        assert call(device)
        assert call(device)
        assert (row().state, row().attempts) == ("pending", attempt)
        say(device, deployment, "downloading", "failure")
    assert (row().state, row().attempts, row().is_open) == ("failure", 3, False)
    assert call(device) is None
    events = StatusEvent.objects.filter(state="failure").values_list("attempt", flat=True)
    assert list(events) == [1, 2, 3]
    deployment.refresh_from_db()
    assert deployment.finished_at


def test_a_failure_said_twice_counts_once() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    say(device, deployment, "installing", "failure", "failure")
    assert (row().state, row().attempts) == ("pending", 1)
    call(device)
    say(device, deployment, "installing", "success")
    assert row().state == "success"


def test_a_better_artifact_may_have_come_meanwhile() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    say(device, deployment, "failure")
    assert deployment.release is not None
    deployment.release.fits.all().delete()
    better = make_artifact(deployment.release)
    offer = call(device)
    assert offer is not None
    assert offer.artifact_id == better.id


def test_nothing_fits_the_next_attempt() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    say(device, deployment, "failure")
    assert deployment.release is not None
    deployment.release.fits.all().delete()
    assert call(device) is None
    assert row().state == "no_artifact"


def test_a_late_word_after_the_failure_does_not_end_it() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    say(device, deployment, "failure", "installing")
    assert deployment.release is not None
    deployment.release.fits.all().delete()
    assert call(device) is None
    assert row().state == "installing"
