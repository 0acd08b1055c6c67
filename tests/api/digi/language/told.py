"""Devices of any kind, and what the query language is to know of them, worked out in Python."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from api.digi.language.meaning import spelt_id
from fleet.models import Device, Inventory, Organization
from tests.api.digi.language.jobs import raise_alert
from tests.make import make_device

RESTRICTED = {
    "accepted": "unrestricted",
    "pending": "restricted",
    "preauthorized": "restricted",
    "rejected": "disabled",
    "noauth": "untrusted",
}
HOSTS = {"http://10.0.0.1": "10.0.0.1", "http://[::1]:80/x": "::1"}
MACS = {
    "00409d000001": "00:40:9D:00:00:01",
    "0040.9d00.000c": "00:40:9D:00:00:0C",
    "00:40:9D:00:00:0b": "00:40:9D:00:00:0B",
    "z": "Z",
}


def make(organization: Organization, number: int, known: dict[str, Any]) -> Device:
    columns = ("name", "device_type", "group", "description", "status", "software", "address")
    minutes = known["minutes"]
    device = make_device(
        organization,
        identity={"n": number, **known["identity"]},
        seen_at=None if minutes is None else timezone.now() - timedelta(minutes=minutes),
        sensor_version=known["sensor_version"],
        **{name: known[name] for name in columns},
    )
    said = known["inventory"] | known["signals"] | known["interfaces"]
    attributes = {"inventory": said, "tags": known["tags"]}
    Inventory.objects.update_or_create(device=device, defaults={"attributes": attributes})
    if known["alert"]:
        raise_alert(device, known["alert"])
    return device


def facts_of(device: Device, known: dict[str, Any]) -> dict[str, Any]:
    """All but how it is by its jobs."""
    said, noted = known["inventory"] | known["interfaces"], known["tags"]
    interface = _first(said, "ipv4_").partition("/")[0]
    host = HOSTS.get(known["address"], known["address"])
    minutes = known["minutes"]
    mac = _text(known["identity"].get("mac", "")) or _first(said, "mac_")
    return {
        **{name: _text(value) for name, value in said.items()},
        **{name: _number(value) for name, value in known["signals"].items()},
        **{
            name: _text(noted.get(name, "")) or _text(said.get(name, ""))
            for name in ("contact", "location", "notes")
        },
        "device_id": spelt_id(device.id),
        "name": known["name"],
        "type": known["device_type"],
        "description": known["description"],
        "group": "/" + known["group"].strip("/"),
        "firmware_version": known["sensor_version"] or known["software"],
        "mac": MACS.get(mac, mac),
        "serial_number": known["identity"].get("sn"),
        "ip": interface or host,
        "public_ip": host,
        "tags": [text for name, value in noted.items() for text in _tags(name, value)],
        "connection_status": "connected" if minutes in {1, 9} else "disconnected",
        "restricted_status": RESTRICTED[known["status"]],
    }


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return value if isinstance(value, str) else json.dumps(value)


def _first(said: dict[str, Any], beginning: str) -> str:
    named = sorted(name for name in said if name.startswith(beginning))
    return next((text for name in named if (text := _text(said[name]))), "")


def _number(value: Any) -> float | None:
    try:
        return float(_text(value))
    except ValueError:
        return None


def _tags(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [f"{name}={_text(each)}" if each != "" else name for each in values]
