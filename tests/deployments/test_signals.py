"""What deployments tell the layers above: each thing once, as part of the change."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.aborting import abort
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.noticing import notice
from deployments.pausing import pause, resume
from deployments.planning import PhasePlan
from deployments.retrying import retry_failed
from deployments.signals import deployment_changed, device_deployment_ended, phase_changed
from fleet.models import Device
from tests.deployments.calls import call, part, say
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What was sent, in order: events, and the states in which devices ended."""
    found: list[str] = []

    def hear(sender: type, **values: Any) -> None:
        deployment = Deployment.objects.get(number=values["deployment"])
        assert deployment.organization_id == values["organization_id"]
        assert values["at"] <= timezone.now()
        found.append(_said(sender, values))

    signals = (deployment_changed, phase_changed, device_deployment_ended)
    for signal in signals:
        signal.connect(hear)
    yield found
    for signal in signals:
        signal.disconnect(hear)


def _said(sender: type, values: dict[str, Any]) -> str:
    if sender is Phase:
        phase = Phase.objects.get(number=values["phase"])
        return f"phase {phase.position + 1} {values['event']}"
    if sender is DeviceDeployment:
        row = DeviceDeployment.objects.get(number=values["device_deployment"])
        assert row.state == values["state"]
        return f"device {values['state']}"
    return str(values["event"])


def finish(device: Device, deployment: Deployment, state: str) -> None:
    call(device)
    say(device, deployment, "installing", state)


def test_the_course_of_a_phased_deployment(heard: list[str]) -> None:
    organization = make_organization()
    one, other = make_device(organization), make_device(organization)
    now = timezone.now()
    deployment = make_deployment(
        organization, phases=[PhasePlan(50, now - HOUR), PhasePlan(None, now + HOUR)]
    )
    notice()
    finish(one, deployment, "success")
    notice()
    notice()
    assert heard == [
        *("created", "phase 1 opened", "device success"),
        *("started", "phase 1 filled", "phase 1 finished"),
    ]
    heard.clear()
    deployment.phases.filter(position=1).update(starts_at=now)
    finish(other, deployment, "failure")
    notice()
    assert heard == ["device failure", "phase 2 opened", "phase 2 finished", "finished"]


def test_what_people_do(heard: list[str]) -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    actor = make_actor(device.organization)
    pause(actor=actor, deployment=deployment)
    notice()
    resume(actor=actor, deployment=deployment)
    finish(device, deployment, "failure")
    retry_failed(actor=actor, deployment=deployment)
    abort(actor=actor, deployment=deployment)
    notice()
    assert heard == [
        *("created", "paused", "resumed", "device failure", "started"),
        *("phase 1 opened", "phase 1 finished", "finished", "retried", "aborted"),
    ]


def test_what_the_device_has_already(heard: list[str]) -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device, deployment.release_name)
    assert heard[:2] == ["created", "device already_installed"]
    assert part(device, deployment).state == "already_installed"


def test_a_failure_with_attempts_left_is_no_end(heard: list[str]) -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    finish(device, deployment, "failure")
    assert heard == ["created"]


def test_a_receiver_that_fails_undoes_the_change() -> None:
    deployment = make_deployment(devices=[make_device()])

    def fail(**_values: Any) -> None:
        raise RuntimeError("no room")

    deployment_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            pause(actor=make_actor(deployment.organization), deployment=deployment)
    finally:
        deployment_changed.disconnect(fail)
    deployment = Deployment.objects.get()
    assert deployment.paused_at is None
