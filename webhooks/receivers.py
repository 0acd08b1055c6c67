"""What the layers below tell, made into events inside the transaction of the change."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from auditlog.actor import Actor
from auditlog.models import Action
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.signals import (
    DeploymentEvent,
    PhaseEvent,
    deployment_changed,
    device_deployment_ended,
    phase_changed,
)
from deployments.states import State
from fleet.models import Alert, AuthSet, Device
from fleet.signals import admission_changed, alerts_reported
from webhooks.bodies import (
    Facts,
    actor_facts,
    alert_facts,
    auth_set_facts,
    deployment_facts,
    device_facts,
    part_facts,
    phase_facts,
)
from webhooks.kinds import EventKind
from webhooks.outbox import publish

Told = Iterator[tuple[str, Facts]]

ADMISSION = {
    Action.CREATE: EventKind.DEVICE_PENDING,
    Action.UPDATE: EventKind.DEVICE_PENDING,
    Action.ACCEPT: EventKind.DEVICE_ACCEPTED,
    Action.REJECT: EventKind.DEVICE_REJECTED,
    Action.PREAUTHORIZE: EventKind.DEVICE_PREAUTHORIZED,
    Action.DISMISS: EventKind.DEVICE_DISMISSED,
    Action.DECOMMISSION: EventKind.DEVICE_DECOMMISSIONED,
}
ALERTS = {
    Alert.Level.CRITICAL: EventKind.ALERT_RAISED,
    Alert.Level.OK: EventKind.ALERT_CLEARED,
}
RESULTS = {
    State.SUCCESS: EventKind.DEVICE_DEPLOYMENT_SUCCEEDED,
    State.DOWNLOADED: EventKind.DEVICE_DEPLOYMENT_SUCCEEDED,
    State.FAILURE: EventKind.DEVICE_DEPLOYMENT_FAILED,
    State.ALREADY_INSTALLED: EventKind.DEVICE_DEPLOYMENT_SKIPPED,
    State.NO_ARTIFACT: EventKind.DEVICE_DEPLOYMENT_SKIPPED,
}


@receiver(admission_changed, dispatch_uid="webhooks")
def tell_admission(
    devices: Sequence[Device], action: Action, auth_set: AuthSet | None, actor: Actor, **_: Any
) -> None:
    kind = ADMISSION[action]

    def told() -> Told:
        by = actor_facts(actor)
        key = None if auth_set is None else auth_set_facts(auth_set)
        for device in devices:
            yield kind, {"device": device_facts(device), "auth_set": key, "actor": by}

    publish(devices[0].organization_id, [kind], told)


@receiver(alerts_reported, dispatch_uid="webhooks")
def tell_alerts(device: Device, alerts: Sequence[Alert], **_: Any) -> None:
    def told() -> Told:
        of = device_facts(device)
        for alert in alerts:
            yield ALERTS[Alert.Level(alert.level)], {"alert": alert_facts(alert), "device": of}

    publish(device.organization_id, ALERTS.values(), told)


@receiver(deployment_changed, dispatch_uid="webhooks")
def tell_deployment(
    organization_id: UUID, deployment: int, event: DeploymentEvent, at: datetime, **_: Any
) -> None:
    kind = EventKind(f"deployment.{event}")

    def told() -> Told:
        yield kind, {"deployment": deployment_facts(Deployment.objects.get(number=deployment))}

    publish(organization_id, [kind], told, at=at)


@receiver(phase_changed, dispatch_uid="webhooks")
def tell_phase(
    organization_id: UUID, phase: int, event: PhaseEvent, at: datetime, **_: Any
) -> None:
    kind = EventKind(f"phase.{event}")

    def told() -> Told:
        row = Phase.objects.select_related("deployment").get(number=phase)
        yield kind, {"phase": phase_facts(row), "deployment": deployment_facts(row.deployment)}

    publish(organization_id, [kind], told, at=at)


@receiver(device_deployment_ended, dispatch_uid="webhooks")
def tell_result(
    organization_id: UUID, device_deployment: int, state: State, at: datetime, **_: Any
) -> None:
    kind = RESULTS[state]

    def told() -> Told:
        rows = DeviceDeployment.objects.select_related("deployment", "release")
        row = rows.get(number=device_deployment)
        of = deployment_facts(row.deployment)
        yield kind, {"device_deployment": part_facts(row), "deployment": of}

    publish(organization_id, [kind], told, at=at)
