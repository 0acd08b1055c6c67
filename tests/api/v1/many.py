"""Many devices changed in one call."""

from typing import Any

from fleet.models import Device
from tests.api.v1.callers import Caller


def bulk(us: Caller, action: str, *devices: Device, **more: Any) -> dict[str, Any]:
    chosen = {"ids": [str(device.id) for device in devices]} if devices else {}
    answer = us.post("/devices/bulk", {"action": action, **chosen, **more})
    assert answer.status_code in {200, 202}, answer.content
    return dict(answer.json())


def codes(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(result["status"], result["code"]) for result in told["results"]]
