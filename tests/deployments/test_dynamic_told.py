"""Dynamic deployments are aborted, explained, and lose devices, as others do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.aborting import abort, abort_for_device
from deployments.explaining import explain
from deployments.history import forget_history
from deployments.models import Deployment, DeviceDeployment
from deployments.planning import PhasePlan
from deployments.reporting import report
from deployments.states import State
from fleet.admission.removal import decommission
from fleet.models import Device
from tests.deployments.dynamic import blue, call, make_dynamic, red
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def said(device: Device, deployment: Deployment) -> tuple[bool, list[str]]:
    """Whether it is offered, and the codes of what is in the way; the poll does the same."""
    explanation = explain(device, Deployment.objects.get(pk=deployment.pk))
    offer = call(device, software=device.software or "none")
    is_offered = offer is not None and offer.deployment_id == deployment.id
    assert explanation.offered == is_offered
    return is_offered, [reason.code for reason in explanation.reasons if not reason.passed]


def test_an_abort_ends_those_who_came_and_lets_nobody_in() -> None:
    organization = make_organization()
    inside, outside = red(organization), red(organization)
    deployment = make_dynamic(organization)
    call(inside)
    abort(actor=make_actor(organization), deployment=deployment)
    assert said(outside, deployment) == (False, ["aborted", "waiting_for_call"])
    assert deployment.device_deployments.get().state == "aborted"


def test_a_device_is_kept_out_of_those_it_matches_now() -> None:
    organization = make_organization()
    device, actor = red(organization), make_actor(organization)
    opened = make_dynamic(organization)
    closed = make_dynamic(organization, phases=[PhasePlan(starts_at=timezone.now() + HOUR)])
    static = make_deployment(organization, devices=[device])
    ended = abort_for_device(actor=actor, organization=organization, device_ref=str(device.id))
    assert ended == 3
    rows = DeviceDeployment.objects.filter(device=device, state="aborted", is_open=False)
    assert {row.deployment for row in rows} == {opened, closed, static}
    assert call(device) is None
    assert not abort_for_device(actor=actor, organization=organization, device_ref=str(device.id))


def test_one_it_does_not_match_yet_is_not_aborted_for_it() -> None:
    organization = make_organization()
    device, actor = blue(organization), make_actor(organization)
    deployment = make_dynamic(organization)
    abort_for_device(actor=actor, organization=organization, device_ref=str(device.id))
    device.inventory.attributes = {"inventory": {"color": "red"}}
    device.inventory.save()
    assert said(device, deployment)[0]


def test_a_device_that_is_gone_keeps_its_place() -> None:
    organization = make_organization()
    device, deployment = red(organization), make_dynamic(organization, max_devices=1)
    call(device)
    decommission(actor=make_actor(organization), device=device)
    row = deployment.device_deployments.get()
    assert (row.state, row.device) == ("decommissioned", None)


def test_it_is_said_why_not() -> None:
    organization = make_organization()
    ours, theirs = red(organization), blue(organization)
    deployment = make_dynamic(organization, max_devices=1)
    assert said(theirs, deployment) == (False, ["no_match", "waiting_for_call"])
    assert (
        explain(theirs, deployment)
        .reasons[0]
        .text.startswith("The device does not match the filter “filter ")
    )
    assert said(ours, deployment) == (True, ["waiting_for_call"])
    late = red(organization)
    assert said(late, deployment) == (False, ["limit_reached", "waiting_for_call"])
    report(device=ours, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    assert said(ours, deployment)[1][0] == "ended_success"


def test_it_is_said_what_it_waits_for() -> None:
    organization = make_organization()
    device = red(organization)
    first = make_dynamic(organization)
    closed = make_dynamic(organization, phases=[PhasePlan(starts_at=timezone.now() + HOUR)])
    assert said(device, closed) == (False, ["another_first", "phase_closed", "waiting_for_call"])
    report(device=device, deployment_id=first.id, state=State.SUCCESS, substate=None)
    assert said(device, closed) == (False, ["phase_closed", "waiting_for_call"])


def test_a_type_that_nothing_fits_is_said_before_it_comes() -> None:
    organization = make_organization()
    deployment = make_dynamic(organization)
    device = make_device(organization, device_type="plank", inventory={"color": "red"})
    assert explain(device, deployment).reasons[0].code == "nothing_fits"


def test_what_is_forgotten_is_not_done_again_but_the_order_begins_anew() -> None:
    organization = make_organization()
    device = red(organization)
    older = make_deployment(organization, devices=["1"])
    dynamic = make_dynamic(organization)
    call(device)
    report(device=device, deployment_id=dynamic.id, state=State.SUCCESS, substate=None)
    DeviceDeployment.objects.filter(deployment=older).update(device=device)
    assert call(device) is None
    assert forget_history(actor=make_actor(organization), device=device) == 1
    offer = call(device)
    assert offer
    assert offer.deployment_id == older.id
    assert dynamic.device_deployments.get().device is None
