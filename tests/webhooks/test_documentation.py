"""The page about webhooks is true: its examples, its code, its tables."""

import re
import time
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.signals import (
    DeploymentEvent,
    PhaseEvent,
    deployment_changed,
    device_deployment_ended,
    phase_changed,
)
from deployments.states import State
from fleet.admission import set_status
from fleet.alerts import Told
from fleet.models import Organization
from fleet.monitoring import report_alerts
from tests.make import make_actor, make_deployment, make_device
from tests.webhooks.conftest import Make
from tests.webhooks.receiver import Receiver
from webhooks.bodies import body_of
from webhooks.delivering import deliver
from webhooks.kinds import EventKind
from webhooks.models import Event, Webhook
from webhooks.receivers import RESULTS
from webhooks.signing import decrypted
from webhooks.upkeep import ping

TEXT = (settings.ROOT / "docs/webhooks.md").read_text()
EXAMPLES = [orjson.loads(found) for found in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
FREE = {"identity"}


def shape(told: Any) -> Any:
    """Names all the way down, and the types of what they name."""
    if not isinstance(told, dict):
        return type(told).__name__
    return {name: "free" if name in FREE else shape(value) for name, value in told.items()}


def test_every_kind_is_named_in_a_table() -> None:
    named = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", TEXT, re.MULTILINE)
    assert named == EventKind.values


def test_the_table_of_pauses_is_the_default() -> None:
    rows = re.findall(r"^\| (\d+)(?: to (\d+))? \| (\d+) (s|min|h)\b", TEXT, re.MULTILINE)
    unit = {"s": 1, "min": 60, "h": 3600}
    pauses = [
        int(pause) * unit[of]
        for first, last, pause, of in rows
        for _ in range(int(first), int(last or first) + 1)
    ]
    assert pauses == settings.WEBHOOK_RETRIES


@pytest.mark.django_db
def test_the_examples_look_like_what_is_sent(home: Organization, make_webhook: Make) -> None:
    make_webhook(home)
    device = make_device(home, status="pending", device_type="board")
    set_status(actor=make_actor(home), auth_set=device.auth_sets.get(), status="accepted")
    told = Told("disk", "CRITICAL", timezone.now(), "root", "disk", "97%")
    report_alerts(device=device, alerts=[told])
    deployment = make_deployment(devices=[device])
    happen(deployment)
    sent = {event.kind: shape(orjson.loads(body_of(event))) for event in Event.objects.all()}
    assert len(EXAMPLES) == 5
    for example in EXAMPLES:
        assert sent[example["type"]] == shape(example), example["type"]


def happen(deployment: Deployment) -> None:
    """As the deployments tell it, of a row that has run its course."""
    of = {"organization_id": deployment.organization_id, "deployment": deployment.number}
    of["at"] = now = timezone.now()
    phase = Phase.objects.filter(deployment=deployment)
    phase.update(quota=500)
    rows = DeviceDeployment.objects.filter(deployment=deployment)
    rows.update(started_at=now, finished_at=now, is_open=False, state=State.FAILURE)
    deployment_changed.send(Deployment, event=DeploymentEvent.PAUSED, **of)
    phase_changed.send(Phase, phase=phase.get().number, event=PhaseEvent.OPENED, **of)
    device_deployment_ended.send(
        DeviceDeployment, device_deployment=rows.get().number, state=State.FAILURE, **of
    )


def test_every_event_of_a_deployment_has_a_kind() -> None:
    told = [f"deployment.{event}" for event in DeploymentEvent]
    told += [f"phase.{event}" for event in PhaseEvent]
    assert [kind for kind in EventKind.values if kind.startswith(("deployment", "phase"))] == told
    assert set(RESULTS) == {
        State.SUCCESS,
        State.DOWNLOADED,
        State.FAILURE,
        State.ALREADY_INSTALLED,
        State.NO_ARTIFACT,
    }


@pytest.mark.django_db
def test_the_code_that_verifies_does(
    home: Organization, webhook: Webhook, receiver: Receiver, settings: Settings
) -> None:
    [code] = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own document
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    [received] = receiver.received
    verify, secret = names["is_from_slipway"], decrypted(webhook.secret)
    assert verify(secret, received.headers, received.body)
    assert not verify(secret, received.headers, received.body + b" ")
    assert not verify("whsec_" + "A" * 43 + "=", received.headers, received.body)
    late = received.headers | {"webhook-timestamp": str(int(time.time()) - 3600)}
    assert not verify(secret, late, received.body)
