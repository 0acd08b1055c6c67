"""The part of a device in a deployment, as a row that has yet to be written."""

from typing import Any

from deployments.models import DeviceDeployment
from fleet.models import Device


def part_in(number: int, device: Device, **facts: Any) -> DeviceDeployment:
    """A row of the device in a deployment, not yet saved."""
    return DeviceDeployment(
        deployment_id=number,
        device=device,
        device_ref=str(device.id),
        device_name=device.name,
        software_before=device.software,
        **facts,
    )
