"""The update of an appliance as Riverbed's API tells it."""

from datetime import datetime
from typing import Any

from deployments.device_update.installed import Installed
from deployments.device_update.states import DeviceUpdate


def update(now: DeviceUpdate, installations: list[Installed]) -> dict[str, Any]:
    """Times are whole seconds since 1970; what is not known is left out."""
    target = {"target_version": now.target_version} if now.target_version else {}
    return {
        "state": now.state.upper(),
        "state_description": now.description,
        "last_state_time": _seconds(now.since),
        **target,
        "update_history": [_installation(each) for each in installations],
    }


def _installation(installed: Installed) -> dict[str, Any]:
    version = {"version": installed.version} if installed.version else {}
    return {"time": _seconds(installed.at), **version}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
