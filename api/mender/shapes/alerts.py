"""Alerts as Mender's device monitor shows them: as they were sent, and whose they are."""

from typing import Any

from api.mender.times import stamp
from fleet.models import Alert, Device


def alert_shape(alert: Alert, device: Device) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "name": alert.subject_name,
        "type": alert.subject_type,
        "status": alert.subject_status,
    }
    if alert.details is not None:
        subject["details"] = alert.details
    return {
        "id": str(alert.id),
        "device_id": str(device.id),
        "name": alert.name,
        "level": alert.level,
        "timestamp": stamp(alert.raised_at),
        "subject": subject,
    }
