"""Devices and their attributes as Mender's inventory shows them."""

from collections.abc import Collection
from typing import Any

from api.mender.times import stamp
from fleet.inventory import Attribute, attributes_of
from fleet.models import Device, SavedFilter


def inventory_shape(device: Device, shown: Collection[tuple[str, ...]] = ()) -> dict[str, Any]:
    """With the attributes `shown` by (scope, name), or else all of them.

    Wants `inventory` and `contact` selected, where there are many.
    """
    attributes = attributes_of(device)
    told = {(attribute.scope, attribute.name): attribute.value for attribute in attributes}
    return {
        "id": str(device.id),
        "attributes": [
            _attribute_shape(attribute)
            for attribute in attributes
            if not shown or (attribute.scope, attribute.name) in shown
        ],
        "updated_ts": told["system", "updated_ts"],
    }


def filter_shape(saved: SavedFilter) -> dict[str, Any]:
    return {"id": str(saved.id), "name": saved.name, "terms": saved.terms}


def _attribute_shape(attribute: Attribute) -> dict[str, Any]:
    shape = {"name": attribute.name, "value": attribute.value, "scope": attribute.scope}
    if attribute.description:
        shape["description"] = attribute.description
    if attribute.timestamp:
        shape["timestamp"] = stamp(attribute.timestamp)
    return shape
