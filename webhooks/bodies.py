"""What an event says: `data` of each kind, and the body around it."""

import json
from datetime import UTC, datetime
from typing import Any

from auditlog.actor import Actor
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.states import State
from fleet.models import Alert, AuthSet, Device
from webhooks.models import Event

Facts = dict[str, Any]


def body_of(event: Event) -> bytes:
    """The same bytes at every attempt; whatever a device may be called can be sent."""
    told = {"type": event.kind, "timestamp": moment(event.at), "data": event.data}
    return json.dumps(told, separators=(",", ":")).encode()


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def actor_facts(actor: Actor) -> Facts:
    """Who did it: `kind` is "user", "device" or "system"."""
    return {"kind": str(actor.kind), "id": actor.id, "name": actor.name, "via": actor.via}


def device_facts(device: Device) -> Facts:
    return {
        "id": str(device.id),
        "name": device.name,
        "status": str(device.status),
        "group": device.group,
        "device_type": device.device_type,
        "software": device.software,
        "identity": device.identity,
    }


def auth_set_facts(auth_set: AuthSet) -> Facts:
    return {
        "id": str(auth_set.id),
        "status": str(auth_set.status),
        "key_digest": auth_set.key_digest,
        "tier": auth_set.tier,
    }


def alert_facts(alert: Alert) -> Facts:
    return {
        "id": str(alert.id),
        "name": alert.name,
        "level": str(alert.level),
        "subject": {
            "name": alert.subject_name,
            "type": alert.subject_type,
            "status": alert.subject_status,
        },
        "raised_at": moment(alert.raised_at),
    }


def deployment_facts(deployment: Deployment) -> Facts:
    return {
        "id": str(deployment.id),
        "number": deployment.number,
        "name": deployment.name,
        "kind": str(deployment.kind),
        "origin": str(deployment.origin),
        "release": deployment.release_name,
        "created_at": moment(deployment.created_at),
        "created_by": deployment.created_by,
        "paused_by": deployment.paused_by,
        "paused_reason": deployment.paused_reason,
    }


def phase_facts(phase: Phase) -> Facts:
    """`position` counts from 1; `quota` is None for all the rest; only groups have a `name`."""
    return {
        "position": phase.position + 1,
        "name": phase.name,
        "starts_at": moment(phase.starts_at),
        "quota": phase.quota,
        "admitted": phase.admitted,
    }


def part_facts(row: DeviceDeployment) -> Facts:
    """A device's part; the device is told as it was called when it took part."""
    return {
        "number": row.number,
        "state": str(State(row.state)),
        "release": row.brings[1],
        "attempts": row.attempts,
        "last_words": row.substate,
        "software_before": row.software_before,
        "started_at": moment(row.started_at),
        "finished_at": moment(row.finished_at),
        "device": {"id": row.device_ref, "name": row.device_name},
    }
