"""A device's part in a job, as this API tells it.

Source: Digi Remote Manager, v1/firmware_updates: the statuses of targets.
"""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from api.digi.shapes.jobs import moment
from deployments.models import Deployment, DeviceDeployment
from deployments.outcome_reasons import reason_of
from deployments.outcomes import FAILURES, OUTCOME, Outcome
from deployments.part_times import BEGUN_AT, ended_at

MOST = 1000
STATUSES = {
    Outcome.WAITING: "waiting",
    Outcome.STARTING: "starting",
    Outcome.ACTIVE: "active",
    Outcome.SUCCESSFUL: "successful",
    Outcome.STOPPED: "canceled",
    **dict.fromkeys(FAILURES - {Outcome.STOPPED}, "failed"),
}


def targets_of(deployment: Deployment) -> tuple[list[dict[str, Any]], bool]:
    """The first 1000 by the numbers of their devices, and whether there are more."""
    rows = list(_rows(deployment)[: MOST + 1])
    for row in rows:
        row.deployment = deployment
    return [_told(row) for row in rows[:MOST]], len(rows) > MOST


def _rows(deployment: Deployment) -> QuerySet[DeviceDeployment]:
    rows = DeviceDeployment.objects.filter(deployment=deployment).select_related(
        "device", "release"
    )
    named = rows.annotate(outcome=OUTCOME).annotate(
        begun_at=BEGUN_AT, ended_at=ended_at(deployment)
    )
    kept = ("device__id", "device__name", "release__name", "release__version")
    plain = ("device_ref", "device_name", "state", "kit_type", "message", "is_instructed")
    by_device = F("device_id").asc(nulls_last=True)
    return named.only(*kept, *plain, "started_at", "deployment").order_by(by_device, "number")


def _told(row: Any) -> dict[str, Any]:
    outcome = Outcome(row.outcome)
    reason = "expired" if outcome == Outcome.EXPIRED else reason_of(row, outcome)
    values = {
        "device_id": device_id(row.device.id) if row.device else device_id(row.device_ref),
        "name": row.device_name or row.device_ref,
        "status": STATUSES[outcome],
        "version": _version(row) or None,
        "start_time": moment(row.begun_at),
        "end_time": moment(row.ended_at),
        "error_message": reason or None,
    }
    return {name: value for name, value in values.items() if value is not None}


def device_id(given: UUID | str) -> str:
    """Four groups of eight digits; what is no id of a device is told as it was given."""
    try:
        digits = (given if isinstance(given, UUID) else UUID(given)).hex.upper()
    except ValueError:
        return str(given)
    return "-".join(digits[at : at + 8] for at in range(0, 32, 8))


def _version(row: DeviceDeployment) -> str:
    """Of the release that the device is to get; a configuration has none."""
    if row.deployment.kind == Deployment.Kind.CONFIGURATION:
        return ""
    release = row.release or row.deployment.release
    if release is not None:
        return release.version or release.name
    return row.deployment.release_name
