"""The deployment behind an assignment, with the parts of its devices."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import made_by, subject
from deployments.events import SERVER, Kind, note_each
from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.parts import parts_in
from deployments.signals import DeploymentEvent, tell
from deployments.states import State
from deployments.superseding import supersede
from deployments.windows import Window
from fleet.models import AutoConfirmation, Device
from fleet.policies import policies_of

USUAL_WEIGHT = 1000
AT_ONCE = 1000
OFFLINE = SERVER + "Action reported as offline deployment"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """How urgent it is: "timeforced" without `forced_at` is forced since 1970 (hawkBit).

    Where devices are to confirm what is assigned, `is_confirmation_required` False does without.
    """

    action_type: Deployment.ActionType = Deployment.ActionType.FORCED
    forced_at: datetime | None = None
    weight: int | None = None
    window: Window | None = None
    is_confirmation_required: bool | None = None

    @property
    def forces_at(self) -> datetime | None:
        is_timed = self.action_type is Deployment.ActionType.TIMEFORCED
        return (self.forced_at or EPOCH) if is_timed else None


def write(
    actor: Actor,
    release: Release,
    devices: Sequence[Device],
    options: Options,
    now: datetime,
    *,
    offline: bool,
) -> list[DeviceDeployment]:
    """Write it in the caller's transaction, which holds the release and the devices."""
    deployment = _deployment(actor, release, devices, options, now)
    phase = _phase(deployment, options, now)
    facts = {"phase": phase, "enlisted_at": now, **(_done(now) if offline else {})}
    rows = DeviceDeployment.objects.bulk_create(
        parts_in(deployment.number, devices, **facts), batch_size=AT_ONCE
    )
    if offline:
        _mark_installed(rows, release, now)
        close_after_commit(deployment.number)
    else:
        _note(actor, phase, rows)
        supersede(DeviceDeployment.objects.filter(deployment=deployment), now=now)
    change = {"release": release.name, "devices": len(rows), "action_type": options.action_type}
    record(actor, Action.CREATE, subject(deployment), change | {"offline": offline})
    tell(deployment, DeploymentEvent.CREATED, now)
    return rows


def _deployment(
    actor: Actor, release: Release, devices: Sequence[Device], options: Options, now: datetime
) -> Deployment:
    return Deployment.objects.create(
        organization=release.organization,
        name=release.name[:256],
        release=release,
        release_name=release.name,
        origin=Deployment.Origin.ASSIGNMENT,
        weight=USUAL_WEIGHT if options.weight is None else options.weight,
        action_type=options.action_type,
        forced_at=options.forces_at,
        maintenance_window=options.window.kept() if options.window else None,
        target=Deployment.Target.DEVICES,
        size=len(devices),
        force_installation=True,
        request_digest=uuid.uuid4().hex,
        created_at=now,
        **made_by(actor),
    )


def _phase(deployment: Deployment, options: Options, now: datetime) -> Phase:
    is_asked_for = policies_of(deployment.organization).confirmation_flow_enabled
    return Phase.objects.create(
        deployment=deployment,
        position=0,
        starts_at=now,
        is_confirmation_required=is_asked_for and options.is_confirmation_required is not False,
    )


def _done(now: datetime) -> dict[str, Any]:
    return {
        "state": State.SUCCESS,
        "is_open": False,
        "admitted_at": now,
        "started_at": now,
        "finished_at": now,
    }


def _mark_installed(rows: Sequence[DeviceDeployment], release: Release, now: datetime) -> None:
    devices = Device.objects.filter(number__in=[row.device_id for row in rows])
    devices.update(software=release.name, installed_at=now, updated_at=now)
    note_each(((row.number, row.state) for row in rows), message=OFFLINE)


def _note(actor: Actor, phase: Phase, rows: Sequence[DeviceDeployment]) -> None:
    message = f"Assignment initiated by user '{actor.name}'"
    waiting: Sequence[DeviceDeployment] = []
    if phase.is_confirmation_required:
        themselves = AutoConfirmation.objects.filter(device__in=[row.device_id for row in rows])
        confirming = set(themselves.values_list("device", flat=True))
        waiting = [row for row in rows if row.device_id not in confirming]
    held = {row.number for row in waiting}
    going = ((row.number, row.state) for row in rows if row.number not in held)
    note_each(going, kind=Kind.ASSIGNED, message=message)
    kind = Kind.WAITING_FOR_CONFIRMATION
    note_each(((row.number, row.state) for row in waiting), kind=kind, message=message)
