"""Which row of a device can be acted on now: one set of predicates, in SQL.

The poll compiles them into its one statement, the explanation reads each by itself. Conditions
that partial indexes are built on are literal: a parameter there makes PostgreSQL plan anew for
every poll.
"""

import enum
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from artifacts.compatibility import choose
from artifacts.models import Artifact
from deployments.models import Deployment
from deployments.states import State
from deployments.windows import Window, from_kept

# Of the phases of its deployment, or of the one group that it is in.
_OPENED = """
    SELECT 1 FROM deployments_phase AS phase
    WHERE phase.deployment_id = part.deployment_id AND phase.starts_at <= %(now)s
        AND (part.phase_id IS NULL OR phase.number = part.phase_id)"""
# A device does not go back behind what it was in, unless that has a weight of its own to go by.
_NEWEST_ASKED = """
    SELECT MAX(asked.deployment_id) FROM deployments_devicedeployment AS asked
    WHERE asked.device_id = part.device_id AND asked.admitted_at IS NOT NULL"""
_ASKS_CONFIRMATION = """
    SELECT 1 FROM deployments_phase AS phase
    WHERE phase.number = part.phase_id AND phase.is_confirmation_required"""
_CONFIRMS_ITSELF = """
    SELECT 1 FROM fleet_autoconfirmation AS itself WHERE itself.device_id = part.device_id"""

# Who has yet to begin by the end of its time, or when it is stopped gracefully, never does.
_MAY_BEGIN = "(whole.stop <> 'graceful' AND COALESCE(whole.expires_at > %(now)s, TRUE))"
_IN_FLIGHT = """
    SELECT COUNT(*) FROM deployments_devicedeployment AS flying
    WHERE flying.deployment_id = part.deployment_id
        AND flying.is_open AND flying.admitted_at IS NOT NULL"""

# What must hold of a row (a `part` of the `whole`) for its device to be told to go on with it or to
# begin it. Who has been let in once stays in: phases and order matter until then.
PREDICATES = {
    "open": "part.is_open",
    "active": "whole.finished_at IS NULL",
    "not_cancelled": "part.cancel_requested_at IS NULL",
    "may_begin": f"(part.is_instructed OR {_MAY_BEGIN})",
    "in_order": "(part.admitted_at IS NOT NULL OR whole.weight IS NOT NULL"
    f" OR part.deployment_id > COALESCE(({_NEWEST_ASKED}), 0))",
    "phase_opened": f"(part.admitted_at IS NOT NULL OR EXISTS ({_OPENED}))",
    "phase_has_room": f"(part.admitted_at IS NOT NULL OR EXISTS ({_OPENED}"
    " AND (phase.quota IS NULL OR phase.admitted < phase.quota)))",
    "confirmed": "(part.confirmed_at IS NOT NULL OR part.admitted_at IS NOT NULL"
    f" OR NOT EXISTS ({_ASKS_CONFIRMATION}) OR EXISTS ({_CONFIRMS_ITSELF}))",
}
# What has begun goes first, then the weightiest, then the oldest deployment.
WEIGHT = "COALESCE(whole.weight, 1000)"
ORDER = f"part.admitted_at IS NULL, {WEIGHT} DESC, part.deployment_id"

ROWS = """
    deployments_devicedeployment AS part
    JOIN deployments_deployment AS whole ON whole.number = part.deployment_id"""
# Of who waits for its turn alone; NULL where there is no limit, and nobody is counted.
_IS_FULL = f"""
    CASE WHEN part.admitted_at IS NULL AND whole.in_flight_limit > 0
    THEN whole.in_flight_limit <= ({_IN_FLIGHT}) END"""
_RELEASE_NAME = """
    COALESCE((SELECT own.name FROM artifacts_release AS own WHERE own.number = part.release_id),
        whole.release_name)"""
COLUMNS = f"""
    part.number, part.deployment_id, part.state, part.admitted_at IS NOT NULL, part.device_type,
    part.is_instructed, whole.id, whole.organization_id, whole.kind,
    COALESCE(part.release_id, whole.release_id), {_RELEASE_NAME},
    whole.force_installation, whole.update_control_map,
    COALESCE(whole.paused_at, whole.stopped_at) IS NOT NULL,
    whole.maintenance_window, whole.action_type = 'downloadonly',
    part.phase_id, whole.in_flight_limit, {_IS_FULL},
    artifact.id, artifact.device_types, artifact.file, artifact.size"""
# A phase that has room has opened: the polls need not ask for that as well.
ACTIONABLE = " AND ".join(each for name, each in PREDICATES.items() if name != "phase_opened")
_OF_DEVICE = f"""
SELECT {COLUMNS}
FROM {ROWS} LEFT JOIN artifacts_artifact AS artifact ON artifact.number = part.artifact_id
WHERE part.device_id = %(device)s AND {ACTIONABLE}
ORDER BY {ORDER}
LIMIT %(limit)s
"""  # noqa: S608 - made of the literals above

CONFIGURATION = "configuration"
# A poll that finishes this many rows without finding work leaves the rest to the next one.
MOST_AT_ONCE = 10


class Fitting(NamedTuple):
    """The artifact a device is to install."""

    id: UUID
    device_types: tuple[str, ...]
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be acted on; `artifact` is what its device has been told to install.

    A configuration has none: there `is_instructed` alone says that the instruction stands.
    `phase_number` is the group that it is in, or the phase that it was let into. One that
    `is_paused`, or is being stopped, keeps its place in the order: what is behind it waits with it.
    So does one that `is_full`: as many devices are at it as its `in_flight_limit` allows.
    Its device takes any file, not only Mender's artifacts, if it `takes_raw`.
    """

    number: int
    deployment_number: int
    state: str
    is_admitted: bool
    device_type: str
    is_instructed: bool
    deployment_id: UUID
    organization_id: UUID
    is_configuration: bool
    release_number: int | None
    release_name: str
    force_installation: bool
    update_control_map: dict[str, Any] | None
    is_paused: bool
    window: Window | None
    is_download_only: bool
    phase_number: int | None
    in_flight_limit: int | None
    is_full: bool
    artifact: Fitting | None
    takes_raw: bool = False

    @property
    def is_held(self) -> bool:
        """Whether nothing is begun until the deployment is resumed, or it is the device's turn."""
        return (self.is_paused or self.is_full) and not self.stands

    def waits_for_window(self, now: datetime) -> bool:
        """Whether it has to wait until its maintenance window is open."""
        return self.window is not None and not self.stands and not self.window.is_open(now)

    @property
    def stands(self) -> bool:
        """Whether the device holds an instruction that can be repeated to it."""
        return self.is_instructed and (self.is_configuration or self.artifact is not None)


class Verdict(enum.Enum):
    """What a call of the device makes of its row."""

    STANDS = enum.auto()
    FITS = enum.auto()
    ALREADY_INSTALLED = enum.auto()
    NOTHING_FITS = enum.auto()
    TYPE_CHANGED = enum.auto()
    # Begun again after a failure, and nothing fits any more: its device has to report the end.
    UNDECIDED = enum.auto()


# The device has nothing to do: its row ends, and the same call goes on to the next one.
ENDING = frozenset({Verdict.ALREADY_INSTALLED, Verdict.NOTHING_FITS})


class Judgement(NamedTuple):
    """`artifact` is set for STANDS and FITS, its number for FITS, unless it is a configuration."""

    verdict: Verdict
    artifact: Fitting | None = None
    artifact_number: int | None = None


def judge(candidate: Candidate, provides: dict[str, str]) -> Judgement:
    """Decide what a device that provides this is told (Mender API, Check for updates)."""
    device_type = provides.get("device_type", "")
    if candidate.is_admitted and candidate.device_type != device_type:
        return Judgement(Verdict.TYPE_CHANGED)
    if has_it(candidate, provides):
        return Judgement(Verdict.ALREADY_INSTALLED)
    if candidate.stands:
        return Judgement(Verdict.STANDS, candidate.artifact)
    if candidate.is_configuration:
        return Judgement(Verdict.FITS)
    artifact = _chosen(candidate, provides)
    if artifact is None:
        is_pending = candidate.state == State.PENDING
        return Judgement(Verdict.NOTHING_FITS if is_pending else Verdict.UNDECIDED)
    fitting = Fitting(artifact.id, tuple(artifact.device_types), artifact.file, artifact.size)
    return Judgement(Verdict.FITS, fitting, artifact.number)


def _chosen(candidate: Candidate, provides: dict[str, str]) -> Artifact | None:
    """Nothing is for who cannot leave it at a download."""
    number = candidate.release_number
    if number is None or candidate.is_download_only:
        return None
    return choose(number, provides, takes_raw=candidate.takes_raw)


def has_it(candidate: Candidate, provides: dict[str, str]) -> bool:
    """Whether there is nothing left to do for a device that has not begun."""
    return (
        candidate.state == State.PENDING
        and not candidate.force_installation
        and provides.get("artifact_name") == candidate.release_name
    )


def candidate_for(deployment: Deployment) -> Candidate:
    """What the row of a device would be that has yet to come to it."""
    return Candidate(
        number=0,
        deployment_number=deployment.number,
        state=State.PENDING,
        is_admitted=False,
        device_type="",
        is_instructed=False,
        deployment_id=deployment.id,
        organization_id=deployment.organization_id,
        is_configuration=deployment.kind == CONFIGURATION,
        release_number=deployment.release_id,
        release_name=deployment.release_name,
        force_installation=deployment.force_installation,
        update_control_map=deployment.update_control_map,
        is_paused=bool(deployment.paused_at or deployment.stopped_at),
        window=from_kept(deployment.maintenance_window),
        is_download_only=deployment.action_type == Deployment.ActionType.DOWNLOAD_ONLY,
        phase_number=None,
        in_flight_limit=deployment.in_flight_limit,
        is_full=False,
        artifact=None,
    )


def of_device(device_number: int, *, now: datetime) -> list[Candidate]:
    """The device's actionable rows in the order in which its calls would take them up."""
    parameters = {"device": device_number, "now": moment(now), "limit": MOST_AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_OF_DEVICE, parameters)
        return [from_row(row) for row in cursor.fetchall()]


def in_one_line(statement: str) -> str:
    """The same, shorter: psycopg reads what has more than 4096 characters anew for every poll."""
    return " ".join(statement.split()).replace("( ", "(")


def moment(at: datetime) -> Any:
    """The time as a parameter: SQLite compares texts, and this is how Django writes them."""
    return connection.ops.adapt_datetimefield_value(at)


def id_parameter(value: UUID) -> UUID | str:
    """The UUID as a parameter: SQLite keeps it as 32 hexadecimal digits."""
    return value if connection.features.has_native_uuid_field else value.hex


def from_row(row: tuple[Any, ...]) -> Candidate:
    """Read the COLUMNS; the databases differ in how they hand over UUIDs and booleans."""
    (number, deployment_number, state, is_admitted, device_type, is_instructed) = row[:6]
    (deployment_id, organization_id, kind, release_number, release_name) = row[6:11]
    (force, control_map, is_paused, window, is_download_only) = row[11:16]
    return Candidate(
        number,
        deployment_number,
        state,
        bool(is_admitted),
        device_type,
        bool(is_instructed),
        uuid_of(deployment_id),
        uuid_of(organization_id),
        kind == CONFIGURATION,
        release_number,
        release_name,
        bool(force),
        None if control_map is None else json.loads(control_map),
        bool(is_paused),
        from_kept(None if window is None else json.loads(window)),
        bool(is_download_only),
        row[16],
        row[17],
        bool(row[18]),
        _fitting(row[19:23]),
    )


def _fitting(columns: tuple[Any, ...]) -> Fitting | None:
    artifact_id, device_types, file, size = columns
    if artifact_id is None:
        return None
    return Fitting(uuid_of(artifact_id), tuple(json.loads(device_types)), file, size)


def uuid_of(value: UUID | str) -> UUID:
    """The UUID as the databases hand it over, each in its way."""
    return value if isinstance(value, UUID) else UUID(hex=value)
