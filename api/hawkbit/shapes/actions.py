"""Actions, their history and the result of an assignment as hawkBit tells of them.

Source: the seed, GET /rest/v1/targets/{targetId}/actions and below it.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from api.hawkbit.shapes.targets import path_of as target_path
from api.hawkbit.words import (
    ACTIVE,
    CANCEL,
    DETAIL,
    detail_of,
    force_type_of,
    status_of,
    status_type_of,
    type_of,
)
from deployments.actions import CREATED_AT, MODIFIED_AT
from deployments.assigning import Assignment
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, StatusEvent
from deployments.windows import from_kept

HISTORY = "status?offset=0&limit=50&sort=id:DESC"
# What hawkBit calls a rollout: an assignment is none.
ROLLOUTS = frozenset({Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT})


def read(rows: DeviceDeploymentQuerySet) -> DeviceDeploymentQuerySet:
    """With all that is told of them, in one query."""
    return rows.select_related("deployment", "device", "release").annotate(
        detail=DETAIL, made_at=CREATED_AT, changed_at=MODIFIED_AT
    )


def actions(call: Call, rows: Sequence[DeviceDeployment]) -> list[dict[str, Any]]:
    """Several, that were found by `read`."""
    return [_action(call, row) for row in rows]


def action(call: Call, row: DeviceDeployment) -> dict[str, Any]:
    """One, that was found by `read`, with all its links."""
    at, deployment, detail = path_of(row), row.deployment, detail_of(row)
    shape = _action(call, row)
    shape["_links"] |= told(
        {
            "target": _named(call, _target(row), row.device_name),
            "distributionset": _set(call, row),
            "status": link(call, f"{at}/{HISTORY}"),
            "rollout": _rollout(call, deployment),
            "canceledaction": link(call, at) if detail in CANCEL else None,
        }
    )
    return shape


def statuses(events: Sequence[StatusEvent]) -> list[dict[str, Any]]:
    """The history of an action."""
    return [
        told(
            {
                "id": event.pk,
                "type": status_type_of(event),
                "messages": [*event.messages, *([event.substate] if event.substate else [])],
                "reportedAt": milliseconds(event.at),
                "timestamp": milliseconds(event.device_time or event.at),
                "code": event.code,
            }
        )
        for event in events
    ]


def assignment(call: Call, made: Assignment) -> dict[str, Any]:
    return {
        "assigned": len(made.rows),
        "alreadyAssigned": made.already_assigned,
        "total": len(made.rows) + made.already_assigned,
        "assignedActions": [
            {"id": row.number, "_links": {"self": link(call, path_of(row))}} for row in made.rows
        ],
    }


def path_of(row: DeviceDeployment) -> str:
    return f"{_target(row)}/actions/{row.number}"


def _action(call: Call, row: DeviceDeployment) -> dict[str, Any]:
    deployment, facts, detail = row.deployment, row.__dict__, detail_of(row)
    is_rollout = deployment.origin in ROLLOUTS
    return told(
        {
            "createdBy": deployment.created_by,
            "createdAt": milliseconds(facts["made_at"]),
            "lastModifiedBy": deployment.modified_by or deployment.created_by,
            "lastModifiedAt": milliseconds(facts["changed_at"]),
            "id": row.number,
            "type": type_of(detail),
            "status": status_of(detail),
            "detailStatus": detail,
            "active": detail in ACTIVE,
            "forceType": force_type_of(row),
            "forceTime": milliseconds(deployment.forced_at),
            "weight": deployment.weight,
            "maintenanceWindow": _window(deployment),
            "rollout": deployment.number if is_rollout else None,
            "rolloutName": deployment.name if is_rollout else None,
            "lastStatusCode": row.status_code,
            "_links": {"self": link(call, path_of(row))},
        }
    )


def _target(row: DeviceDeployment) -> str:
    """Whose it is: what is of no device any more is no action."""
    assert row.device is not None  # noqa: S101 - `actions_of` leaves it out
    return target_path(row.device)


def _set(call: Call, row: DeviceDeployment) -> dict[str, str] | None:
    number, name = row.brings
    if number is None:
        return None
    return _named(call, f"/rest/v1/distributionsets/{number}", name)


def _rollout(call: Call, deployment: Deployment) -> dict[str, str] | None:
    if deployment.origin not in ROLLOUTS:
        return None
    return _named(call, f"/rest/v1/rollouts/{deployment.number}", deployment.name)


def _named(call: Call, path: str, name: str) -> dict[str, str]:
    return link(call, path) | {"name": name}


def _window(deployment: Deployment) -> dict[str, Any] | None:
    window = from_kept(deployment.maintenance_window)
    if window is None:
        return None
    return window.kept() | told({"nextStartAt": milliseconds(window.next_start(timezone.now()))})
