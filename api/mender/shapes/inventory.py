"""Devices and their attributes as Mender's inventory shows them."""

from typing import Any

from api.mender.times import stamp
from fleet.inventory import Attribute, attributes_of
from fleet.models import Device


def inventory_shape(device: Device) -> dict[str, Any]:
    """Wants `inventory` and `contact` selected, where there are many."""
    attributes = attributes_of(device)
    told = {(attribute.scope, attribute.name): attribute.value for attribute in attributes}
    return {
        "id": str(device.id),
        "attributes": [_attribute_shape(attribute) for attribute in attributes],
        "updated_ts": told["system", "updated_ts"],
    }


def _attribute_shape(attribute: Attribute) -> dict[str, Any]:
    shape = {"name": attribute.name, "value": attribute.value, "scope": attribute.scope}
    if attribute.description:
        shape["description"] = attribute.description
    if attribute.timestamp:
        shape["timestamp"] = stamp(attribute.timestamp)
    return shape
