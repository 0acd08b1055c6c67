"""What a device has, as far as it has told: what its call says where it does not say it itself."""

from typing import Any

from deployments.models import DeviceDeployment
from fleet.models import Device, Inventory


def provides_of(device: Device) -> dict[str, str]:
    """What its next call will probably say."""
    inventory = Inventory.objects.filter(device=device).first()
    told: dict[str, Any] = inventory.attributes.get("inventory", {}) if inventory else {}
    provides = {name: value for name, value in told.items() if isinstance(value, str)}
    asked = DeviceDeployment.objects.asked().filter(device=device).order_by("-deployment_id")
    last_type = asked.values_list("device_type", flat=True).first()
    provides["device_type"] = device.device_type or last_type or ""
    return provides | {"artifact_name": device.software}
