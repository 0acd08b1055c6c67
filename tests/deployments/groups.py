"""A rollout as hawkBit's API leaves it: groups that have their devices from the beginning."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from fleet.models import Device
from tests.make import make_artifact, make_release

WINDOW = {"schedule": "0 0 2 * * ?", "duration": "01:00:00", "timezone": "+00:00"}


def make_rollout(
    *groups: Sequence[Device], opened: int = 1, release: Release | None = None, **facts: Any
) -> Deployment:
    """A rollout to these groups, of which so many are open; `facts` are columns of it."""
    organization = facts.pop("organization", None) or groups[0][0].organization
    release = release or make_artifact(make_release(organization)).release
    columns: dict[str, Any] = {"name": f"rollout {uuid.uuid4()}", "weight": 1000}
    columns |= {"origin": Deployment.Origin.ROLLOUT, "force_installation": True}
    if "stopped_at" in facts:
        columns["stop"] = Deployment.Stop.FORCED
    deployment = Deployment.objects.create(
        organization=organization,
        release=release,
        release_name=release.name,
        target=Deployment.Target.DEVICES,
        is_phased=True,
        size=sum(map(len, groups)),
        request_digest=uuid.uuid4().hex,
        created_by="ann@example.com",
        **columns | facts,
    )
    for position, devices in enumerate(groups):
        phase = _phase(deployment, position, len(devices), is_open=position < opened)
        DeviceDeployment.objects.bulk_create(
            DeviceDeployment(
                deployment=deployment,
                device=device,
                device_ref=str(device.id),
                device_name=device.name,
                phase=phase,
            )
            for device in devices
        )
    return deployment


def _phase(deployment: Deployment, position: int, size: int, *, is_open: bool) -> Phase:
    return Phase.objects.create(
        deployment=deployment,
        position=position,
        name=f"group-{position + 1}",
        starts_at=timezone.now() if is_open else None,
        size=size,
        success_threshold=50,
        error_threshold=10,
    )
