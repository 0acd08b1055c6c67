"""Something of everything for an organization, for tools that look at all of it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from artifacts.models import Artifact
from artifacts.tags import set_tags
from deployments import offers
from deployments.logs import save_log
from deployments.models import Deployment
from deployments.planning import PhasePlan
from deployments.reporting import report
from deployments.states import State
from fleet import configuration, device_tokens, monitoring
from fleet.alerts import Told
from fleet.models import CustomRole, Device, Organization, SavedFilter
from fleet.states import Admission
from tests.make import (
    make_actor,
    make_claims,
    make_deployment,
    make_device,
    make_key,
    make_user,
    upload_artifact,
)

MANY = 24
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
TERM = {"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"}
MESSAGE = {"timestamp": "2030-01-01T12:00:00Z", "level": "INFO", "message": "It begins."}


def inhabit() -> None:
    """Print, as JSON, a device's token and what there is, by the names of parameters."""
    organization = Organization.objects.get()
    caller = make_device(organization, device_type="board", software="old")
    devices = [_device(organization, number) for number in range(MANY)]
    artifacts = [_artifact(organization, number) for number in range(MANY)]
    deployments = _deployments(organization, caller, devices, artifacts)
    filters = [
        SavedFilter.objects.create(organization=organization, name=f"red {number}", terms=[TERM])
        for number in range(4)
    ]
    roles = [
        CustomRole.objects.create(
            organization=organization,
            name=f"lookers {number}",
            permission_sets=[{"name": "ReadDevices"}],
        )
        for number in range(4)
    ]
    people = [make_user(organization=organization) for _ in range(4)]
    known = {
        "device_id": [str(device.id) for device in devices],
        "auth_set_id": [str(device.auth_sets.get().id) for device in devices],
        "deployment_id": [str(deployment.id) for deployment in deployments],
        "artifact_id": [str(artifact.id) for artifact in artifacts],
        "artifact_name": [artifact.release.name for artifact in artifacts],
        "release_name": [artifact.release.name for artifact in artifacts],
        "filter_id": [str(saved.id) for saved in filters],
        "role_name": [role.name for role in roles],
        "token_id": [str(device.auth_sets.get().id) for device in devices],
        "user_id": [str(user.pk) for user in people],
        "name": ["lab", "field"],
        "pubkey": [make_key().pem for _ in range(4)],
    }
    key = caller.auth_sets.get(status=Admission.ACCEPTED)
    print(json.dumps({"token": device_tokens.issue(key), "known": known}))


def _device(organization: Organization, number: int) -> Device:
    device = make_device(
        organization,
        device_type="board",
        status=Admission.PENDING if number % 3 == 2 else Admission.ACCEPTED,
        group=["lab", "field", ""][number % 3],
        inventory={"color": "red", "cores": number, "addresses": ["10.0.0.1"]},
        tags={"site": "north"},
    )
    alert = Told("disk", "CRITICAL", NOON, "root", "disk", "full", {"description": "99 %"})
    monitor = {"name": "root", "status": "enabled", "type": "disk"}
    monitoring.report_alerts(device=device, alerts=[alert])
    monitoring.report_monitors(device=device, monitors=[monitor])
    configuration.set_configuration(
        actor=make_actor(organization), device=device, values={"timezone": "UTC"}
    )
    return device


def _artifact(organization: Organization, number: int) -> Artifact:
    artifact = upload_artifact(organization, f"release-{number}")
    set_tags(actor=make_actor(organization), release=artifact.release, tags=["stable"])
    return artifact


def _deployments(
    organization: Organization,
    caller: Device,
    devices: Sequence[Device],
    artifacts: Sequence[Artifact],
) -> list[Deployment]:
    """Some of them with phases, and with a device that has told how it went."""
    made = [
        make_deployment(
            organization,
            release=artifact.release,
            devices=[caller, *devices[:4]],
            phases=[PhasePlan(percent=50), PhasePlan(starts_at=NOON)] if number % 2 else [],
        )
        for number, artifact in enumerate(artifacts[:4])
    ]
    _fail(devices[0])
    return made


def _fail(device: Device) -> None:
    """The device asks, and fails at what it is given."""
    offer = offers.poll(make_claims(device), {"artifact_name": "old", "device_type": "board"})
    assert offer
    save_log(device=device, deployment_id=offer.deployment_id, messages=[MESSAGE])
    report(
        device=device, deployment_id=offer.deployment_id, state=State.FAILURE, substate="at once"
    )
