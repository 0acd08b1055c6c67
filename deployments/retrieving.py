"""A device comes for an action that it was told of, and takes it up by that.

Source: hawkBit, the controller's deploymentBase, installedBase and confirmationBase.
"""

from dataclasses import dataclass, replace

from django.db import connection, transaction
from django.utils import timezone

from artifacts.chunks import Chunk, chunks_of
from deployments.candidates import (
    COLUMNS,
    ENDING,
    PREDICATES,
    ROWS,
    Candidate,
    Judgement,
    Verdict,
    from_row,
    has_it,
    judge,
    moment,
)
from deployments.events import SERVER, Kind, Said, note
from deployments.handling import Handling, handling_of
from deployments.instructing import BEGINNABLE, HAS_ARTIFACTS, stands
from deployments.lapsing import take_back_lapsed
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.provides import provides_of
from deployments.standing import has_opened, waits_for_confirmation
from deployments.states import State
from deployments.taking_up import carry_out
from fleet.errors import NotFound
from fleet.models import Device

RETRIEVED = SERVER + "Target retrieved update action and should start now the download."
MOST_MESSAGES = 100

# An open row whose device may begin it, or has.
_ROW = f"""
SELECT {HAS_ARTIFACTS}, {COLUMNS}
FROM {ROWS} LEFT JOIN artifacts_artifact AS artifact ON artifact.number = part.artifact_id
WHERE part.number = %(part)s AND {PREDICATES["open"]} AND {PREDICATES["active"]}
    AND {PREDICATES["not_cancelled"]} AND {PREDICATES["confirmed"]} AND {BEGINNABLE}
"""  # noqa: S608 - made of literals


@dataclass(frozen=True, slots=True)
class Told:
    """What a device is told of an action."""

    row: DeviceDeployment
    handling: Handling
    chunks: tuple[Chunk, ...]


def retrieve(*, device: Device, action: int) -> Told:
    """What the device is to install; it has taken it up by this. Raises NotFound."""
    row = action_of(device, action)
    if row.cancel_requested_at or row.state in {State.ABORTED, State.DECOMMISSIONED}:
        raise not_found(action)
    if row.is_open:
        take_up(device, row)
        row.refresh_from_db()
    return _told(row)


def waiting(*, device: Device, action: int) -> Told:
    """What the device, or somebody for it, has yet to confirm; raises NotFound."""
    row = action_of(device, action)
    asked = DeviceDeployment.objects.open().filter(
        has_opened(),
        waits_for_confirmation(),
        number=row.number,
        cancel_requested_at__isnull=True,
        deployment__finished_at__isnull=True,
    )
    if not asked.exists():
        raise not_found(action)
    return _told(row)


def installed(*, device: Device, action: int) -> Told:
    """What the device was told by an action that is over; raises NotFound."""
    row = action_of(device, action)
    if row.is_open or row.state in {State.ABORTED, State.DECOMMISSIONED, State.NO_ARTIFACT}:
        raise not_found(action)
    return _told(row)


def action_of(device: Device, action: int) -> DeviceDeployment:
    """The device's part, read with its deployment; raises NotFound."""
    rows = DeviceDeployment.objects.select_related("deployment", "release").filter(
        device=device,
        number=action,
        deleted_at__isnull=True,
        deployment__kind=Deployment.Kind.SOFTWARE,
    )
    if (row := rows.first()) is None:
        raise not_found(action)
    return row


def messages_of(row: DeviceDeployment, most: int) -> list[str]:
    """What the device itself said of it, the newest first; up to 100 if `most` is negative."""
    limit = MOST_MESSAGES if most < 0 else min(most, MOST_MESSAGES)
    entries = StatusEvent.objects.filter(device_deployment=row).order_by("-at", "-id")
    texts: list[str] = []
    for messages in entries.values_list("messages", flat=True)[:1000]:
        texts += [text for text in messages if not text.startswith(SERVER)]
        if len(texts) >= limit:
            break
    return texts[:limit]


def take_up(device: Device, row: DeviceDeployment) -> None:
    """Let the device begin the row, unless it has; raises NotFound if it may not, or not yet."""
    for _ in range(3):
        has_artifacts, candidate = _read(row.number)
        if candidate is None or take_back_lapsed(candidate, timezone.now()):
            break
        if stands(candidate, has_artifacts=has_artifacts):
            return
        if candidate.is_paused or candidate.is_full:
            break
        judgement = judge_named(candidate, device, has_artifacts=has_artifacts)
        if judgement.verdict is Verdict.UNDECIDED:
            break
        if _carry_out(device, row, candidate, judgement):
            if judgement.verdict in ENDING:
                break
            return
    raise not_found(row.number)


def judge_named(candidate: Candidate, device: Device, *, has_artifacts: bool) -> Judgement:
    """What a device that says nothing of itself is told, by what it said before.

    Of a release with Mender's artifacts one has to fit, for which its type must be known.
    """
    provides = provides_of(device)
    if not has_artifacts:
        is_there = has_it(candidate, provides)
        return Judgement(Verdict.ALREADY_INSTALLED if is_there else Verdict.FITS)
    if not provides["device_type"]:
        return Judgement(Verdict.UNDECIDED)
    # It does not say its type with each call, and can leave it at a download.
    asked = replace(
        candidate,
        device_type=provides["device_type"],
        is_download_only=False,
        takes_raw=True,
    )
    return judge(asked, provides)


def not_found(action: int) -> NotFound:
    message = f"Action with given identifier {{{action}}} does not exist."
    return NotFound("action_not_found", message)


def _read(number: int) -> tuple[bool, Candidate | None]:
    with connection.cursor() as cursor:
        cursor.execute(_ROW, {"part": number, "now": moment(timezone.now())})
        row = cursor.fetchone()
    return (False, None) if row is None else (bool(row[0]), from_row(row[1:]))


def _carry_out(
    device: Device, row: DeviceDeployment, candidate: Candidate, judgement: Judgement
) -> bool:
    device_type = provides_of(device)["device_type"]
    with transaction.atomic():
        is_done = carry_out(
            device.number, candidate, judgement, device_type, reread=lambda: _read(row.number)[1]
        )
        if is_done and judgement.verdict not in ENDING:
            row.refresh_from_db()
            note(row, kind=Kind.RETRIEVED, said=Said((RETRIEVED,)))
    return is_done


def _told(row: DeviceDeployment) -> Told:
    release, _ = row.brings
    if release is None:
        raise not_found(row.number)
    chunks = tuple(chunk for chunk in chunks_of(release) if is_for(chunk, row))
    return Told(row, handling_of(row, timezone.now()), chunks)


def is_for(chunk: Chunk, row: DeviceDeployment) -> bool:
    """Of Mender's artifacts the device is told the one that was chosen for it."""
    return not chunk.device_types or chunk.files[0].number == row.artifact_id
