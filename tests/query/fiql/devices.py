"""Devices with all kinds of values, and what a matcher is told of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from fleet.models import Device, Inventory, Organization
from query.fiql.times import canonical
from query.matching import MISSING
from query.tree import Field
from tests.make import make_device
from tests.query.fiql.trees import START, numbers, some_text, texts

KEYS = ["a", "two words", 'quo"te', "it's", "100%", "ü"]
NAMES = ["edge-1", "edge-2", "Edge-1", "a*b", "ab", "5", "x%_", "[a]", "b\\", "ä"]
scalars = texts | some_text | numbers | st.sampled_from(["5", "6.1", "true", "a*b", "1.10"])
values = scalars | st.lists(texts, max_size=3) | st.lists(numbers, max_size=3)
told = st.dictionaries(st.sampled_from(KEYS), values, max_size=3)
close = st.integers(-3, 3).map(lambda steps: START + timedelta(milliseconds=steps))
facts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "status": st.sampled_from(["accepted", "pending", "rejected"]),
        "group": st.sampled_from(["", "lab", "a*b", "edge-1"]),
        "created_at": close,
        "seen_at": st.none() | close,
        "inventory": st.none() | told,
        "tags": st.none() | told,
        "monitor": st.none()
        | st.dictionaries(st.sampled_from(KEYS), st.booleans() | scalars, max_size=2),
        "identity": st.dictionaries(st.sampled_from(KEYS), scalars, max_size=2),
    }
)


def make(organization: Organization, number: int, known: dict[str, Any]) -> Device:
    """A device with microseconds that nobody sees."""
    stamps = {
        name: known[name] + timedelta(microseconds=456) if known[name] else None
        for name in ("created_at", "seen_at")
    }
    device = make_device(
        organization,
        **{name: known[name] for name in ("name", "status", "group")},
        identity=known["identity"] | {"sn": number},
        **stamps,
    )
    tell(device, **{scope: known[scope] for scope in ("inventory", "tags", "monitor")})
    return device


def tell(device: Device, **scopes: dict[str, Any] | None) -> None:
    """Write the inventory as it is given, empty texts and all; none if nothing is given."""
    told = {scope: values for scope, values in scopes.items() if values is not None}
    if told:
        Inventory.objects.create(device=device, attributes=told)


def look_up_of(device: Device) -> Callable[[Field], object]:
    """What is known of the device by the fields of the list of devices."""
    device = Device.objects.select_related("inventory", "contact").get(number=device.number)
    inventory = getattr(device, "inventory", None)
    scopes = inventory.attributes if inventory else {}
    seen_at = device.contact.seen_at if hasattr(device, "contact") else None
    written_at = inventory.updated_at if inventory else None
    plain = {
        "id": str(device.id),
        "name": device.name,
        "controller_id": device.controller_id,
        "description": device.description,
        "status": device.status,
        "group": device.group,
        "device_type": device.device_type,
        "software": device.software,
        "sensor_version": device.sensor_version,
        "kit_type": device.kit_type,
        "host_name": device.host_name,
        "created_at": device.created_at,
        "updated_at": device.updated_at,
        "seen_at": seen_at,
        "checked_in_at": seen_at or written_at,
        "changed_at": max(filter(None, [device.updated_at, written_at])),
        "in_alarm": False,
        "tag": list(scopes.get("tags", {})),
    }
    maps = {
        "identity": device.identity,
        "attribute": scopes.get("inventory", {}),
        "tag": scopes.get("tags", {}),
        "monitor": scopes.get("monitor", {}),
    }

    def look_up(field: Field) -> object:
        if len(field) > 1:
            return maps[field[0]].get(field[1], MISSING)
        value = plain[field[0]]
        if value is None or value in ("", []):
            return MISSING
        return value if isinstance(value, str | list | bool) else canonical(value)

    return look_up
