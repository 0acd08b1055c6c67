"""Actions of devices, made without asking anybody."""

import itertools
from datetime import datetime
from typing import Any

from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from fleet.models import Device

_serial = itertools.count(1)


def assign(
    device: Device,
    release: Release,
    *,
    is_confirmation_required: bool = False,
    starts_at: datetime | None = None,
    cancel_requested_at: datetime | None = None,
    **facts: Any,
) -> DeviceDeployment:
    """A row as hawkBit's direct assignment makes it; `facts` are columns of its deployment."""
    number = next(_serial)
    deployment = Deployment.objects.create(
        organization=device.organization,
        name=facts.pop("name", f"assignment {number}"),
        release=release,
        release_name=release.name,
        origin=facts.pop("origin", Deployment.Origin.ASSIGNMENT),
        weight=facts.pop("weight", 1000),
        force_installation=facts.pop("force_installation", True),
        target=Deployment.Target.DEVICES,
        size=1,
        request_digest=f"ddi-{number}",
        created_by="somebody",
        **facts,
    )
    phase = Phase.objects.create(
        deployment=deployment,
        position=0,
        starts_at=starts_at or timezone.now(),
        size=1,
        is_confirmation_required=is_confirmation_required,
    )
    return DeviceDeployment.objects.create(
        deployment=deployment,
        device=device,
        device_ref=str(device.id),
        device_name=device.name,
        phase=phase,
        cancel_requested_at=cancel_requested_at,
    )


def entries(row: DeviceDeployment) -> list[tuple[str, str]]:
    """The history of a row: state and kind of each entry, the oldest first."""
    return list(row.events.values_list("state", "kind"))
