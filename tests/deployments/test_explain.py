"""Why a device is, or is not, told to take up a deployment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.aborting import abort
from deployments.explaining import explain
from deployments.models import Deployment
from deployments.offers import poll
from deployments.planning import PhasePlan
from deployments.reporting import report
from deployments.states import State
from deployments.stating import Reason
from fleet.models import Device
from tests.make import (
    make_actor,
    make_artifact,
    make_claims,
    make_deployment,
    make_device,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def board(**facts: object) -> Device:
    return make_device(device_type="board", software="old", **facts)  # type: ignore[arg-type]


def call(device: Device) -> None:
    poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})


def first(device: Device, deployment: Deployment, code: str) -> Reason:
    """The first reason, which must have this code and stand in the way."""
    explanation = explain(device, deployment)
    assert explanation.reasons[0].code == code
    assert not explanation.reasons[0].passed
    assert explanation.offered == (code == "waiting_for_call")
    return explanation.reasons[0]


def test_it_waits_for_the_device_to_call() -> None:
    device = board(seen_at=timezone.now())
    reason = first(device, make_deployment(devices=[device]), "waiting_for_call")
    assert "last seen at 20" in reason.text
    assert not reason.blocks


def test_the_device_is_not_accepted() -> None:
    device = board(status="rejected")
    assert first(device, make_deployment(devices=[device]), "not_accepted").blocks


def test_the_deployment_is_not_for_it() -> None:
    assert first(board(), make_deployment(devices=["1"]), "not_targeted").blocks


def test_a_phase_has_yet_to_open() -> None:
    device, soon = board(), timezone.now() + HOUR
    deployment = make_deployment(devices=[device], phases=[PhasePlan(starts_at=soon)])
    assert first(device, deployment, "phase_closed").until == soon


def test_the_open_phases_are_full() -> None:
    organization, soon = make_organization(), timezone.now() + HOUR
    devices = [board(organization=organization) for _ in range(4)]
    phases = [PhasePlan(25), PhasePlan(50, soon), PhasePlan(None, soon + HOUR)]
    deployment = make_deployment(organization, phases=phases)
    call(devices[0])
    reason = first(devices[1], deployment, "phase_full")
    assert (reason.text, reason.until) == ("The open phases are full: 1 of 1 let in", soon)


def test_another_deployment_comes_first() -> None:
    device = board()
    older = make_deployment(devices=[device], name="the older one")
    newer = make_deployment(devices=[device])
    assert "the older one" in first(device, newer, "another_first").text
    assert explain(device, older).offered


def test_what_ends_at_the_next_call_is_in_nobodys_way() -> None:
    device = board()
    misfit = make_artifact(make_release(device.organization), device_types=["plank"]).release
    older = make_deployment(devices=[device], release=misfit)
    newer = make_deployment(devices=[device])
    reason = first(device, older, "nothing_fits")
    assert reason.text == "Nothing fits the type “board”; the release is for plank"
    assert explain(device, newer).offered


def test_it_never_goes_back_to_an_older_deployment() -> None:
    device = board()
    later = [PhasePlan(starts_at=timezone.now() + HOUR)]
    older = make_deployment(devices=[device], phases=later)
    make_deployment(devices=[device])
    call(device)
    assert first(device, older, "newer_done").blocks


def test_it_has_it_already() -> None:
    device = board()
    deployment = make_deployment(devices=[device])
    device.software = deployment.release_name
    device.save()
    assert first(device, deployment, "already_installed").blocks


def test_its_type_is_unknown() -> None:
    device = make_device()
    assert first(device, make_deployment(devices=[device]), "unknown_type").blocks


def test_its_type_changed_in_the_middle() -> None:
    device = board()
    deployment = make_deployment(devices=[device])
    call(device)
    device.device_type = "plank"
    device.save()
    assert first(device, deployment, "type_changed").blocks


def test_it_is_at_it_for_the_second_time() -> None:
    device = board()
    deployment = make_deployment(devices=[device], retries=3)
    for state in (State.FAILURE, State.INSTALLING):
        call(device)
        report(device=device, deployment_id=deployment.id, state=state, substate=None)
    explanation = explain(device, deployment)
    assert explanation.offered
    assert all(reason.passed for reason in explanation.reasons)
    texts = {reason.code: reason.text for reason in explanation.reasons}
    assert texts["in_progress"].startswith("Installing; begun at")
    assert texts["attempts"] == "2 of 4 attempts begun"


def test_it_ended() -> None:
    device = board()
    deployment = make_deployment(devices=[device])
    call(device)
    report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    assert first(device, deployment, "ended_success").text.startswith("Installed at 20")


def test_it_was_aborted() -> None:
    device = board()
    deployment = make_deployment(devices=[device])
    abort(actor=make_actor(device.organization), deployment=deployment)
    assert first(device, deployment, "aborted").blocks
