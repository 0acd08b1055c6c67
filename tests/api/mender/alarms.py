"""What monitors tell in these tests, and what becomes of it."""

from typing import Any

from tests.api.mender.callers import Box, Person

ALERT = "v1/devicemonitor/alert"


def alert(name: str, level: str, **more: Any) -> dict[str, Any]:
    """What the monitor of that unit tells."""
    subject = {"name": name, "type": "systemd.unit", "status": "running"}
    told = {"name": name, "level": level, "timestamp": "2030-01-01T00:00:00Z", "subject": subject}
    return told | more


def monitor_scope(admin: Person, device: Box) -> dict[str, Any]:
    shown = admin.get(f"v1/inventory/devices/{device.device.id}").json()["attributes"]
    return {each["name"]: each["value"] for each in shown if each["scope"] == "monitor"}


def alerts(admin: Person, device: Box, query: str = "") -> Any:
    return admin.get(f"v1/devicemonitor/devices/{device.device.id}/alerts{query}")
