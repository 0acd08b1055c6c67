"""A deployment of a configuration has no artifact: the instruction stands by itself."""

import pytest

from deployments.configuring import deploy_configuration
from deployments.explaining import explain
from deployments.models import DeviceDeployment
from deployments.offers import Offer, poll
from deployments.reporting import report
from deployments.states import State
from fleet.models import Device
from tests.make import make_actor, make_claims, make_device

pytestmark = pytest.mark.django_db


def call(device: Device) -> Offer | None:
    return poll(make_claims(device), {"device_type": "board", "artifact_name": "os-1"})


def test_it_is_offered_and_stands() -> None:
    device = make_device(device_type="board", software="os-1")
    deployment = deploy_configuration(actor=make_actor(device.organization), device=device)
    assert explain(device, deployment).offered
    offer = call(device)
    row = DeviceDeployment.objects.get()
    assert offer == Offer(
        deployment.id,
        row.number,
        deployment.id,
        f"configuration-{deployment.id}",
        ("board",),
        "",
        0,
        device.organization_id,
        is_configuration=True,
    )
    assert (row.attempts, row.is_instructed, row.artifact) == (1, True, None)
    assert call(device) == offer
    assert DeviceDeployment.objects.get().attempts == 1


def test_a_failure_counts_once_and_is_tried_again() -> None:
    device = make_device(device_type="board")
    deployment = deploy_configuration(
        actor=make_actor(device.organization), device=device, retries=1
    )
    for attempt in (1, 2):
        assert call(device)
        for state in (State.INSTALLING, State.FAILURE, State.FAILURE):
            report(device=device, deployment_id=deployment.id, state=state, substate=None)
        row = DeviceDeployment.objects.get()
        assert row.attempts == attempt
        assert row.state == ("pending" if attempt == 1 else "failure")
    assert call(device) is None


def test_it_changes_nothing_about_the_software() -> None:
    device = make_device(device_type="board", software="os-1")
    deployment = deploy_configuration(actor=make_actor(device.organization), device=device)
    call(device)
    report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    device.refresh_from_db()
    assert device.software == "os-1"
