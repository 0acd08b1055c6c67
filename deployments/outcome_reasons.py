"""Why a device's part in a deployment ended without success, in a sentence for people.

Source: Carbon Black, Sensor field reason; Digi, jobs.
"""

from collections.abc import Callable

from deployments.models import DeviceDeployment
from deployments.outcomes import Outcome


def reason_of(part: DeviceDeployment, outcome: Outcome) -> str:
    """The sentence, empty unless the outcome is a failure; reads the part's deployment."""
    return _REASONS[outcome](part) if outcome in _REASONS else ""


def _stopped(part: DeviceDeployment) -> str:
    who = f" by {part.deployment.stopped_by}" if part.deployment.stopped_by else ""
    has_begun = part.started_at is not None or part.is_instructed
    return f"Aborted{who} while updating" if has_begun else f"Stopped{who}"


def _expired(part: DeviceDeployment) -> str:
    until = part.deployment.expires_at
    return f"Not updated before {until:%Y-%m-%dT%H:%M:%SZ}" if until else "Not updated in time"


_REASONS: dict[Outcome, Callable[[DeviceDeployment], str]] = {
    Outcome.FAILED: lambda part: part.message or "The device reported a failure",
    Outcome.NOTHING_FITS: lambda part: part.message or "No artifact fits this device",
    Outcome.NOT_REQUESTED: lambda part: (
        f"No sensor version was requested for kit type {part.kit_type}"
    ),
    Outcome.STOPPED: _stopped,
    Outcome.EXPIRED: _expired,
    Outcome.REMOVED: lambda _part: "The device was removed",
}
