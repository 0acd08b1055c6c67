"""Alerts and monitors as devices send them. Source: Mender API, Device monitor."""

from typing import Any

from api.json_bodies import member
from api.mender.times import read_stamp
from fleet.alerts import Told
from fleet.errors import Invalid


def read_alerts(body: Any) -> list[Told]:
    """The rules of each are the fleet's to check; raises Invalid."""
    return [_alert(item, f"[{position}].") for position, item in enumerate(_objects(body))]


def read_monitors(body: Any) -> list[dict[str, Any]]:
    return [
        {name: member(item, name) for name in ("name", "status", "type")} for item in _objects(body)
    ]


def _objects(body: Any) -> list[dict[str, Any]]:
    """The schema has an object where the example has a list: either is taken."""
    items = [body] if isinstance(body, dict) else body
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid("malformed_body", "failed to decode request body: not a list of objects")
    return items


def _alert(item: dict[str, Any], where: str) -> Told:
    subject = member(item, "subject")
    if not isinstance(subject, dict):
        field = f"{where}subject"
        raise Invalid("alert_invalid", f"{field}: must be an object", field=field)
    return Told(
        name=member(item, "name"),
        level=member(item, "level"),
        at=read_stamp(member(item, "timestamp"), f"{where}timestamp"),
        subject_name=member(subject, "name"),
        subject_type=member(subject, "type"),
        subject_status=member(subject, "status"),
        details=member(subject, "details"),
    )
