"""The configuration of a device as Mender's deviceconfig service shows it."""

from typing import Any

from api.mender.times import stamp
from fleet.models import Configuration, Device


def configuration_shape(kept: Configuration, device: Device) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": str(device.id),
        "configured": kept.configured,
        "reported": kept.reported,
    }
    if kept.deployment_id:
        shape["deployment_id"] = str(kept.deployment_id)
    moments = {"reported_ts": kept.reported_at, "updated_ts": kept.updated_at}
    return shape | {name: stamp(moment) for name, moment in moments.items() if moment}
