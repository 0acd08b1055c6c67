"""Where the update of a device stands now, derived from its parts when it is read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from deployments.device_update.choosing import OpenPart, Turn, parts_at_hand
from deployments.device_update.ending import ended_at, last_ended, rest_after
from deployments.device_update.installed import deployment_version, version_brought
from deployments.device_update.states import FAILED, DeviceUpdate, UpdateState
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.states import State
from deployments.windows import from_kept
from fleet.models import Device

_LEAVING = "The device was asked to leave it"


def update_of(device: Device) -> DeviceUpdate:
    """The device's update; a handful of queries, and no write."""
    now = timezone.now()
    parts = parts_at_hand(device, now)
    last = last_ended(device, parts.over, now)
    if parts.joins is not None:
        return _after(last, _joining(parts.joins, now), now)
    if parts.open:
        return _after(last, _open(parts.open[0], now), now)
    if last is None:
        return DeviceUpdate(UpdateState.IDLE, "No update yet", device.created_at)
    return _unless_acknowledged(device, rest_after(device, last, now))


def _after(last: DeviceDeployment | None, update: DeviceUpdate, now: datetime) -> DeviceUpdate:
    """What waited for another part to end has been the update since then."""
    return update if last is None else replace(update, since=max(update.since, ended_at(last, now)))


def _unless_acknowledged(device: Device, ended: DeviceUpdate) -> DeviceUpdate:
    """A failure shows until somebody has acknowledged it."""
    reset_at = device.update_reset_at
    if ended.state not in FAILED or reset_at is None or reset_at < ended.since:
        return ended
    return DeviceUpdate(UpdateState.IDLE, "Reset after a failure", reset_at)


def _joining(deployment: Deployment, now: datetime) -> DeviceUpdate:
    text = f"Waiting for the device, which {deployment.name} is for as well"
    since = _latest([deployment.created_at, _opened_at(deployment, None, now)])
    version = deployment_version(deployment)
    return DeviceUpdate(UpdateState.RUNNING, text, since, deployment, None, version)


def _open(part: OpenPart, now: datetime) -> DeviceUpdate:
    row = part.row
    if part.turn is Turn.BEGUN:
        state, text, since = UpdateState.RUNNING, _running(row), _last_change(row)
    elif part.turn in {Turn.NEXT, Turn.LATER}:
        state, text, since = UpdateState.RUNNING, _waiting(row, now), _offered_at(row, now)
    else:
        state, text, since = UpdateState.INITIALIZED, _held(part), _held_since(row)
    return DeviceUpdate(state, text, since, row.deployment, row, version_brought(row))


def _running(row: DeviceDeployment) -> str:
    if row.cancel_requested_at is not None:
        return _LEAVING
    if row.state == State.PENDING:
        return "The device was told" if row.is_instructed else "Waiting for the next attempt"
    detail = row.message or row.substate
    word = row.held or State(row.state).label
    return f"{word}: {detail}" if detail else word


def _waiting(row: DeviceDeployment, now: datetime) -> str:
    if row.cancel_requested_at is not None:
        return _LEAVING
    window = from_kept(row.deployment.maintenance_window)
    if window is not None and not window.is_open(now):
        return "Waiting for the maintenance window"
    if row.phase and row.phase.is_confirmation_required and row.confirmed_at is None:
        return "Waiting for a confirmation"
    return "Waiting for the device"


def _held(part: OpenPart) -> str:
    deployment = part.row.deployment
    if part.turn is Turn.OVERTAKEN:
        return "The device has been in a newer deployment and does not go back"
    if deployment.paused_at is not None:
        return f"Paused by {deployment.paused_by}"
    if deployment.approval == Deployment.Approval.WAITING:
        return "Waiting for an approval"
    if deployment.origin == Deployment.Origin.PLAN and not deployment.is_phased:
        return "Ready to start"
    return "Waiting for its phase to open"


def _held_since(row: DeviceDeployment) -> datetime:
    return _latest([row.enlisted_at or row.deployment.created_at, row.deployment.paused_at])


def _offered_at(row: DeviceDeployment, now: datetime) -> datetime:
    opened = _opened_at(row.deployment, row.phase, now)
    enlisted_at = row.enlisted_at or row.deployment.created_at
    return _latest([enlisted_at, opened, row.confirmed_at, row.cancel_requested_at])


def _opened_at(deployment: Deployment, phase: Phase | None, now: datetime) -> datetime | None:
    """When devices were first let in: into the row's own group, or any phase."""
    if phase is not None:
        return phase.starts_at
    opened = deployment.phases.filter(starts_at__lte=now).order_by("starts_at")
    return opened.values_list("starts_at", flat=True).first()


def _last_change(row: DeviceDeployment) -> datetime:
    said = row.events.aggregate(at=Max("at"))["at"]
    return _latest([row.admitted_at, row.started_at, row.cancel_requested_at, said])


def _latest(moments: Iterable[datetime | None]) -> datetime:
    return max(moment for moment in moments if moment is not None)
