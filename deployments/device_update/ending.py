"""What the last part of a device that ended says of it: that it is well, or how it failed.

A failure is graceful where the device told of it and goes on with what it had; it is critical
where it came in or after a reboot and nothing was heard since, or where time ran out meanwhile.
"""

from datetime import datetime

from deployments.device_update.installed import version_brought
from deployments.device_update.states import FAILED, DeviceUpdate, UpdateState
from deployments.models import OVERTIME, Deployment, DeviceDeployment, StatusEvent
from deployments.outcomes import Facts, Outcome, outcome_of
from deployments.states import State
from deployments.stating import said
from fleet.models import Contact, Device, Inventory

# Where the new software has been started, or is about to be.
_AT_REBOOT = {State.REBOOTING, State.PAUSED_BEFORE_COMMITTING}
_MOST_EVENTS = 1000
_ONCE_BEGUN = {
    Outcome.EXPIRED: UpdateState.FAILED_CRITICAL,
    Outcome.STOPPED: UpdateState.FAILED_GRACEFUL,
}
_USUALLY = {
    Outcome.FAILED: "The device reported a failure",
    Outcome.NOTHING_FITS: "No image fits the device",
}


def last_ended(
    device: Device, over: list[DeviceDeployment], now: datetime
) -> DeviceDeployment | None:
    """The part of the device that ended last; `over` are open still, and cut off."""
    rows = DeviceDeployment.objects.filter(device=device, finished_at__isnull=False)
    rows = rows.select_related("deployment__release", "release").order_by("-finished_at", "-number")
    last = rows.first()
    ended = [*over, last] if last else over
    return max(ended, key=lambda each: (ended_at(each, now), each.number), default=None)


def rest_after(device: Device, row: DeviceDeployment, now: datetime) -> DeviceUpdate:
    """How the device was left by the part that ended last."""
    became = _outcome(row, now)
    state = _state(device, row, became)
    version = version_brought(row) if state in FAILED else ""
    described = _description(row, became)
    return DeviceUpdate(state, described, ended_at(row, now), row.deployment, row, version)


def ended_at(row: DeviceDeployment, now: datetime) -> datetime:
    """When the row ended; of one that is cut off, when it was."""
    deployment = row.deployment
    if row.finished_at is not None:
        return row.finished_at
    if _outcome(row, now) is Outcome.EXPIRED and deployment.expires_at is not None:
        return deployment.expires_at + (OVERTIME if row.is_instructed else OVERTIME * 0)
    return deployment.stopped_at or deployment.aborted_at or now


def _outcome(row: DeviceDeployment, now: datetime) -> Outcome:
    facts = Facts(row.state, row.is_open, row.is_instructed, row.cause)
    return outcome_of(facts, row.deployment, now)


def _state(device: Device, row: DeviceDeployment, became: Outcome) -> UpdateState:
    if became is Outcome.FAILED:
        return _failure(device, row)
    if became is Outcome.NOTHING_FITS:
        return UpdateState.FAILED_GRACEFUL
    if row.admitted_at is None:
        return UpdateState.IDLE
    return _ONCE_BEGUN.get(became, UpdateState.IDLE)


def _description(row: DeviceDeployment, became: Outcome) -> str:
    match became:
        case Outcome.SUCCESSFUL:
            return _success(row)
        case Outcome.EXPIRED:
            return f"Not updated before {_end_of(row.deployment)}"
        case Outcome.STOPPED:
            return _stopped(row)
    return row.message or row.substate or _USUALLY.get(became, "There was nothing to do")


def _success(row: DeviceDeployment) -> str:
    if row.state == State.ALREADY_INSTALLED:
        return "Already at the requested version"
    done = "Downloaded" if row.state == State.DOWNLOADED else "Updated to"
    return f"{done} {version_brought(row)}".rstrip()


def _end_of(deployment: Deployment) -> str:
    return said(deployment.expires_at) if deployment.expires_at else "its end"


def _stopped(row: DeviceDeployment) -> str:
    by = row.deployment.stopped_by
    text = row.message or (f"Stopped by {by}" if by else "Stopped")
    return f"{text} while updating" if row.admitted_at else text


def _failure(device: Device, row: DeviceDeployment) -> UpdateState:
    if row.finished_at is None:
        return UpdateState.FAILED_GRACEFUL
    inventory = Inventory.objects.filter(device=device, updated_at__gt=row.finished_at).exists()
    brings = row.brings[1]
    if inventory and device.software == brings != row.software_before:
        return UpdateState.FAILED_CRITICAL
    is_heard = (
        inventory or Contact.objects.filter(device=device, seen_at__gt=row.finished_at).exists()
    )
    rebooted, rolled_back = _history(row)
    is_known = is_heard or rolled_back or not rebooted
    return UpdateState.FAILED_GRACEFUL if is_known else UpdateState.FAILED_CRITICAL


def _history(row: DeviceDeployment) -> tuple[bool, bool]:
    """Whether it rebooted in its last attempt, and whether it told that it went back."""
    events = StatusEvent.objects.filter(device_deployment=row, attempt=max(row.attempts, 1))
    told = list(events.values_list("state", "substate", "messages")[:_MOST_EVENTS])
    texts = [text for _, substate, messages in told for text in (substate, *messages)]
    rolled_back = any(_is_rollback(text) for text in (*texts, row.substate, row.message))
    return any(state in _AT_REBOOT for state, *_ in told), rolled_back


def _is_rollback(text: str) -> bool:
    """By its words: Mender's ArtifactRollback, "rolled back to 1.0"."""
    plain = text.casefold().replace(" ", "").replace("-", "").replace("_", "")
    return "rollback" in plain or "rolledback" in plain or "rollingback" in plain
