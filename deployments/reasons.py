"""The reasons for which a device is or is not told to take up a deployment, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from artifacts.compatibility import fits_device_types
from deployments.candidates import CONFIGURATION, Judgement, Verdict
from deployments.group_reasons import of_group
from deployments.models import OVERTIME, Deployment, DeviceDeployment, Phase
from deployments.states import Cause, State
from deployments.stating import Reason, blocked, fine, said, waits
from deployments.windows import from_kept
from fleet.models import Device
from fleet.states import Admission


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a device, a deployment and the row of the one in the other.

    `holds` says which predicates of the poll hold, "matches" too for a device that is not in a
    dynamic deployment (its `row` is then not saved); `first` names the deployment, if any, that the
    device's next call takes up instead; `seen_at` when it last called. One that `names_itself`
    speaks hawkBit's language: it is told of an update before it may install it.
    """

    device: Device
    deployment: Deployment
    row: DeviceDeployment
    holds: dict[str, bool]
    judgement: Judgement
    phases: list[Phase]
    first: str
    names_itself: bool
    seen_at: datetime | None
    now: datetime


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
    elif deployment.approval == Deployment.Approval.WAITING:
        yield blocked("unapproved", "Somebody has yet to approve the rollout")
    elif deployment.approval == Deployment.Approval.DENIED:
        by = f"The rollout was denied by {deployment.approval_by}"
        yield blocked("denied", ", ".join(filter(None, [by, deployment.approval_remark])))
    elif deployment.stopped_at:
        verdict = fine if holds["not_paused"] else blocked
        yield verdict("stopped", _stopped(deployment, deployment.stopped_at))
    else:
        yield fine("active", "The deployment is under way")


def _stopped(deployment: Deployment, at: datetime) -> str:
    if deployment.stop == Deployment.Stop.FORCED:
        return f"The rollout was stopped at {said(at)}"
    by = f" by {deployment.stopped_by}" if deployment.stopped_by else ""
    return (
        f"The deployment was stopped at {said(at)}{by}: who has begun goes on, nobody else begins"
    )


def _of_final_row(row: DeviceDeployment) -> Iterator[Reason]:
    ended = f" at {said(row.finished_at)}" if row.finished_at else ""
    how = Cause(row.cause).label if row.cause else State(row.state).label
    yield blocked(f"ended_{row.cause or row.state}", f"{how}{ended}: it ended here")
    yield from _attempts(row)


def _of_open_row(facts: Facts) -> Iterator[Reason]:
    yield from _of_cancel(facts.row)
    yield from _of_filter(facts)
    yield from _of_order(facts)
    yield from _of_time(facts)
    yield from _of_phases(facts)
    yield from _of_flight(facts)
    yield from _of_confirmation(facts)
    yield from _of_window(facts)
    yield from _of_fit(facts)
    yield from _of_progress(facts.row, facts.seen_at)
    yield from _attempts(facts.row)


def _of_cancel(row: DeviceDeployment) -> Iterator[Reason]:
    if row.cancel_requested_at:
        since = said(row.cancel_requested_at)
        yield blocked(
            "canceling", f"The device is to leave it since {since}, and has yet to say so"
        )


def _of_confirmation(facts: Facts) -> Iterator[Reason]:
    if not facts.holds.get("confirmed", True):
        yield blocked("unconfirmed", "The device, or somebody for it, has yet to confirm it")
    elif facts.row.confirmed_at:
        yield fine("confirmed", f"Confirmed at {said(facts.row.confirmed_at)}")


def _of_window(facts: Facts) -> Iterator[Reason]:
    window = from_kept(facts.deployment.maintenance_window)
    if window is None or not facts.holds["is_kept_to_window"]:
        return
    start = window.next_start(facts.now)
    if start is None:
        yield blocked("window_lapsed", "Its maintenance window never opens any more")
    elif start > facts.now:
        text = f"Its maintenance window opens at {said(start)}"
        if facts.names_itself:
            yield fine("window_closed", f"{text}; until then it only downloads")
        else:
            yield waits("window_closed", text, start)
    else:
        closes_at = said(start + window.lasts)
        yield fine("window_open", f"Its maintenance window is open until {closes_at}")


def _of_filter(facts: Facts) -> Iterator[Reason]:
    if "matches" not in facts.holds:
        return
    name = (facts.deployment.filter or {}).get("name", "")
    if facts.holds["matches"]:
        yield fine("matches", f"The device matches the filter “{name}”")
    else:
        yield blocked("no_match", f"The device does not match the filter “{name}”")
    if not facts.holds["not_closed"]:
        yield blocked("joining_closed", "No device comes to it any more")
    if not facts.holds["release_is_new"]:
        yield blocked("had_release", "The device was given this release before; it comes once")
    if not facts.holds["type_is_taken"]:
        yield blocked("type_not_taken", "The device is of a type that takes no such releases")


def _of_order(facts: Facts) -> Iterator[Reason]:
    if not facts.holds["in_order"]:
        yield blocked(
            "newer_done",
            "The device has been in a newer deployment; it never goes back to an older",
        )
    elif facts.first:
        yield waits("another_first", f"{facts.first} comes first")


def _of_time(facts: Facts) -> Iterator[Reason]:
    ends = facts.deployment.expires_at
    if ends is None or facts.deployment.finished_at is not None:
        return
    if facts.row.is_instructed:
        last = ends + OVERTIME
        if last <= facts.now:
            yield blocked("expired", f"It was to be done by {said(last)}")
        elif ends <= facts.now:
            yield fine("overtime", f"Nobody begins any more; who has goes on until {said(last)}")
    elif ends <= facts.now:
        yield blocked("expired", f"It was to begin by {said(ends)}")
    else:
        yield fine("expires", f"Begins until {said(ends)}")


def _of_flight(facts: Facts) -> Iterator[Reason]:
    if not facts.holds.get("not_full", True):
        limit = facts.deployment.in_flight_limit
        yield waits("in_flight", f"{limit} of {limit} are at it; the device waits its turn")


def _is_for_somebody_to_start(facts: Facts) -> bool:
    return not any(phase.starts_at for phase in facts.phases)


def _of_phases(facts: Facts) -> Iterator[Reason]:
    starts = [phase.starts_at for phase in facts.phases if phase.starts_at is not None]
    closed = [starts_at for starts_at in starts if starts_at > facts.now]
    until = min(closed, default=None)
    if facts.row.admitted_at:
        yield fine("let_in", f"Let in at {said(facts.row.admitted_at)}")
    elif facts.row.phase_id is not None and facts.deployment.supersedes:
        group = next(each for each in facts.phases if each.number == facts.row.phase_id)
        yield of_group(group, facts.deployment, facts.phases, facts.now)
    elif _is_taken(facts):
        yield blocked("limit_reached", f"All {facts.deployment.max_devices} places are taken")
    elif _is_for_somebody_to_start(facts):
        yield blocked("held", "Held until somebody starts it")
    elif not facts.holds["phase_opened"]:
        opening = f" at {said(until)}" if until else ""
        yield waits("phase_closed", f"The first phase opens{opening}", until)
    elif not facts.holds["phase_has_room"]:
        opened = [phase for phase in facts.phases if phase.has_opened(facts.now)]
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
    is_configuration = facts.deployment.kind == CONFIGURATION
    match facts.judgement.verdict:
        case Verdict.TYPE_CHANGED:
            yield blocked(
                "type_changed",
                f"The device calls itself “{device_type}” now, and was “{facts.row.device_type}”"
                " when it was told what to install",
            )
        case Verdict.ALREADY_INSTALLED:
            yield blocked("already_installed", "The device already runs this release")
        case Verdict.NOTHING_FITS if facts.names_itself and is_configuration:
            yield blocked("no_configuration", "It speaks hawkBit's language, which has none")
        case Verdict.NOTHING_FITS | Verdict.UNDECIDED if not device_type:
            yield blocked("unknown_type", "The device has not said of what type it is")
        case Verdict.NOTHING_FITS | Verdict.UNDECIDED:
            yield blocked("nothing_fits", _misfit(facts.row.brings[0], device_type))
        case Verdict.FITS | Verdict.STANDS if is_configuration:
            yield fine("fits", "A configuration is made for the device itself")
        case Verdict.FITS | Verdict.STANDS:
            yield fine("fits", "The release has what fits the device")


def _misfit(number: int | None, device_type: str) -> str:
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
