"""The reasons for which a device is or is not told to take up a deployment, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from artifacts.compatibility import fits_device_types
from deployments.candidates import CONFIGURATION, Judgement, Verdict
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.states import State
from fleet.models import Device
from fleet.states import Admission


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is so (`passed`) or stands in the way.

    What `blocks` stays in the way until somebody acts; what does not passes with time, at
    `until` where that is known.
    """

    code: str
    passed: bool
    text: str
    blocks: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a device, a deployment and the row of the one in the other.

    `holds` says which predicates of the poll hold, "matches" too for a device that is not in a
    dynamic deployment (its `row` is then not saved); `first` names the deployment, if any, that the
    device's next call takes up instead; `seen_at` when it last called.
    """

    device: Device
    deployment: Deployment
    row: DeviceDeployment
    holds: dict[str, bool]
    judgement: Judgement
    phases: list[Phase]
    first: str
    seen_at: datetime | None
    now: datetime


def blocked(code: str, text: str) -> Reason:
    return Reason(code, passed=False, text=text, blocks=True)


def waits(code: str, text: str, until: datetime | None = None) -> Reason:
    return Reason(code, passed=False, text=text, until=until)


def fine(code: str, text: str) -> Reason:
    return Reason(code, passed=True, text=text)


def reasons(facts: Facts) -> list[Reason]:
    """What blocks, then what it waits for, then what is fine."""
    found = [
        *_of_device(facts.device),
        *_of_deployment(facts.deployment, facts.holds),
        *(_of_final_row(facts.row) if not facts.row.is_open else _of_open_row(facts)),
    ]
    return sorted(found, key=lambda reason: (reason.passed, not reason.blocks))


def _of_device(device: Device) -> Iterator[Reason]:
    if device.is_leaving:
        yield blocked("leaving", "The device is being decommissioned")
    elif device.status != Admission.ACCEPTED:
        yield blocked("not_accepted", f"The device is {device.status}, not accepted")
    else:
        yield fine("accepted", "The device is accepted")


def _of_deployment(deployment: Deployment, holds: dict[str, bool]) -> Iterator[Reason]:
    if deployment.aborted_at:
        yield blocked("aborted", f"The deployment was aborted at {said(deployment.aborted_at)}")
    elif deployment.finished_at:
        yield blocked("finished", f"The deployment finished at {said(deployment.finished_at)}")
    elif deployment.paused_at:
        since = f"The deployment is paused since {said(deployment.paused_at)}"
        text = f"{since} by {deployment.paused_by}, {deployment.paused_reason}"
        if holds["not_paused"]:
            yield fine("goes_on", f"{text}; the device has been told what to install and goes on")
        else:
            yield blocked("paused", text)
    else:
        yield fine("active", "The deployment is under way")


def _of_final_row(row: DeviceDeployment) -> Iterator[Reason]:
    ended = f" at {said(row.finished_at)}" if row.finished_at else ""
    yield blocked(f"ended_{row.state}", f"{State(row.state).label}{ended}: it ended here")
    yield from _attempts(row)


def _of_open_row(facts: Facts) -> Iterator[Reason]:
    yield from _of_filter(facts)
    yield from _of_order(facts)
    yield from _of_phases(facts)
    yield from _of_fit(facts)
    yield from _of_progress(facts.row, facts.seen_at)
    yield from _attempts(facts.row)


def _of_filter(facts: Facts) -> Iterator[Reason]:
    if "matches" not in facts.holds:
        return
    name = (facts.deployment.filter or {}).get("name", "")
    if facts.holds["matches"]:
        yield fine("matches", f"The device matches the filter “{name}”")
    else:
        yield blocked("no_match", f"The device does not match the filter “{name}”")


def _of_order(facts: Facts) -> Iterator[Reason]:
    if not facts.holds["in_order"]:
        yield blocked(
            "newer_done",
            "The device has been in a newer deployment; it never goes back to an older",
        )
    elif facts.first:
        yield waits("another_first", f"{facts.first} comes first")


def _of_phases(facts: Facts) -> Iterator[Reason]:
    closed = [phase.starts_at for phase in facts.phases if phase.starts_at > facts.now]
    until = min(closed, default=None)
    if facts.row.admitted_at:
        yield fine("let_in", f"Let in at {said(facts.row.admitted_at)}")
    elif _is_taken(facts):
        yield blocked("limit_reached", f"All {facts.deployment.max_devices} places are taken")
    elif not facts.holds["phase_opened"]:
        opening = f" at {said(until)}" if until else ""
        yield waits("phase_closed", f"The first phase opens{opening}", until)
    elif not facts.holds["phase_has_room"]:
        opened = [phase for phase in facts.phases if phase.starts_at <= facts.now]
        taken = sum(phase.admitted for phase in opened)
        quota = sum(phase.quota or 0 for phase in opened)
        yield waits("phase_full", f"The open phases are full: {taken} of {quota} let in", until)
    else:
        yield fine("phase_open", "A phase is open and has room")


def _is_taken(facts: Facts) -> bool:
    limit = facts.deployment.max_devices
    return limit is not None and sum(phase.admitted for phase in facts.phases) >= limit


def _of_fit(facts: Facts) -> Iterator[Reason]:
    device_type = facts.device.device_type
    match facts.judgement.verdict:
        case Verdict.TYPE_CHANGED:
            yield blocked(
                "type_changed",
                f"The device calls itself “{device_type}” now, and was “{facts.row.device_type}”"
                " when it was told what to install",
            )
        case Verdict.ALREADY_INSTALLED:
            yield blocked("already_installed", "The device already runs this release")
        case Verdict.NOTHING_FITS | Verdict.UNDECIDED if not device_type:
            yield blocked("unknown_type", "The device has not said of what type it is")
        case Verdict.NOTHING_FITS | Verdict.UNDECIDED:
            yield blocked("nothing_fits", _misfit(facts.deployment, device_type))
        case Verdict.FITS | Verdict.STANDS if facts.deployment.kind == CONFIGURATION:
            yield fine("fits", "A configuration is made for the device itself")
        case Verdict.FITS | Verdict.STANDS:
            yield fine("fits", "An artifact of the release fits the device")


def _misfit(deployment: Deployment, device_type: str) -> str:
    number = deployment.release_id
    types = sorted(fits_device_types(number)) if number is not None else []
    if device_type in types:
        return f"The device is of type “{device_type}”, but lacks what the artifacts depend on"
    return f"Nothing fits the type “{device_type}”; the release is for {', '.join(types) or 'none'}"


def _of_progress(row: DeviceDeployment, seen_at: datetime | None) -> Iterator[Reason]:
    if row.state == State.PENDING:
        last = f"last seen at {said(seen_at)}" if seen_at else "never seen"
        yield waits("waiting_for_call", f"Waiting for the device to call; {last}")
    elif row.started_at:
        yield fine("in_progress", f"{State(row.state).label}; begun at {said(row.started_at)}")


def _attempts(row: DeviceDeployment) -> Iterator[Reason]:
    if row.attempts > 1 or (row.attempts and row.state == State.PENDING and not row.is_instructed):
        allowed = row.attempts_before + row.deployment.retries + 1
        yield fine("attempts", f"{row.attempts} of {allowed} attempts begun")


def said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
