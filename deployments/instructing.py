"""What a device that names itself is to do now: one statement, and no write.

Unlike the poll of Mender's devices it begins nothing: the device is told of an action, and takes it
up when it comes for it (`deployments/retrieving.py`). Source: hawkBit, the controller's base poll.
"""

import enum
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from deployments.candidates import (
    COLUMNS,
    PREDICATES,
    ROWS,
    WEIGHT,
    Candidate,
    from_row,
    in_one_line,
    moment,
    uuid_of,
)
from deployments.handling import handling
from deployments.joining import OLDEST_JOINABLE, Caller, join_oldest
from deployments.windows import Window
from fleet.policies import Policies, read_policies
from fleet.states import Admission
from fleet.tenants import DEFAULT

# What a device takes up when it comes for it, and what it is to leave.
BEGINNABLE = " AND ".join(PREDICATES[name] for name in ("may_begin", "in_order", "phase_has_room"))
_TOLD = f"""{PREDICATES["open"]} AND {PREDICATES["active"]} AND whole.kind = 'software'
    AND (part.cancel_requested_at IS NOT NULL OR ({BEGINNABLE}))"""
# What it is to leave goes first: that waits behind nothing, least of all what is paused.
_ORDER = f"part.cancel_requested_at IS NULL, {WEIGHT} DESC, part.deployment_id"
# The last one that brought what the device runs now.
_INSTALLED = """
    (SELECT done.number FROM deployments_devicedeployment AS done
    JOIN deployments_deployment AS brought ON brought.number = done.deployment_id
    LEFT JOIN artifacts_release AS own ON own.number = done.release_id
    WHERE done.device_id = device.number AND done.admitted_at IS NOT NULL
        AND done.deleted_at IS NULL AND done.state IN ('success', 'already_installed')
        AND COALESCE(own.name, brought.release_name) = device.software
    ORDER BY done.deployment_id DESC LIMIT 1)"""
# Of Mender's artifacts one has to fit: for that the type of the device must be known.
HAS_ARTIFACTS = """
    EXISTS (SELECT 1 FROM artifacts_artifact AS made
        WHERE made.release_id = COALESCE(part.release_id, whole.release_id))"""
_TENANT = """
    COALESCE(
        (SELECT exact.id FROM fleet_organization AS exact WHERE exact.key = %(tenant)s),
        (SELECT alike.id FROM fleet_organization AS alike
            WHERE UPPER(alike.key) = %(tenant_upper)s ORDER BY alike.key LIMIT 1),
        (SELECT usual.id FROM fleet_organization AS usual WHERE %(is_default)s
            AND (usual.key = %(usual)s OR NOT EXISTS (
                SELECT 1 FROM fleet_organization AS other WHERE other.id <> usual.id)) LIMIT 1))"""
# How each database spells the id of a device as rows of deployments have it.
_REF = {
    "postgresql": "CAST(device.id AS text)",
    "sqlite": " || '-' || ".join(
        f"SUBSTR(device.id, {start}, {length})"
        for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    ),
}
_STATEMENT = f"""
SELECT organization.id, organization.policies, device.number, device.id, device.status,
    device.is_leaving, device.address, device.wants_attributes, device.device_type,
    token.digest, token.status, {{joinable}}, {_INSTALLED},
    part.cancel_requested_at IS NOT NULL, {PREDICATES["confirmed"]}, {HAS_ARTIFACTS},
    whole.action_type, whole.forced_at <= %(now)s,
    part.is_forced, part.attempts, {COLUMNS}
FROM fleet_organization AS organization
LEFT JOIN fleet_device AS device ON device.organization_id = organization.id
    AND device.controller_id = %(controller_id)s
LEFT JOIN fleet_securitytoken AS token ON token.device_id = device.number
LEFT JOIN deployments_devicedeployment AS part ON part.number = (
    SELECT part.number FROM {ROWS}
    WHERE part.device_id = device.number AND {_TOLD}
    ORDER BY {_ORDER}
    LIMIT 1)
LEFT JOIN deployments_deployment AS whole ON whole.number = part.deployment_id
LEFT JOIN artifacts_artifact AS artifact ON artifact.number = part.artifact_id
WHERE organization.id = {_TENANT}
"""  # noqa: S608 - made of literals


class Step(enum.Enum):
    """What the device is to do with an action."""

    CONFIRM = enum.auto()
    LEAVE = enum.auto()
    INSTALL = enum.auto()


@dataclass(frozen=True, slots=True)
class Instruction:
    """An action, by its number, and what to do with it; `window` is the one it keeps to.

    `version` changes whenever the device has to look at it anew.
    """

    action: int
    step: Step
    version: int
    window: Window | None


@dataclass(frozen=True, slots=True)
class Known:
    """A device as its poll finds it; `ref` is its id as rows of deployments have it."""

    number: int
    ref: str
    is_admitted: bool
    address: str
    wants_attributes: bool
    token_digest: str
    is_token_accepted: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What a poll finds; `device` is None where nobody of that name is known there.

    `installed` is the number of the action that brought what the device runs.
    """

    organization_id: UUID
    policies: Policies
    device: Known | None
    instruction: Instruction | None
    installed: int | None
    joinable: int | None
    candidate: Candidate | None

    def sleep(self, now: datetime) -> int:
        """After how many seconds to call again."""
        usual = self.policies.polling_time
        window = self.instruction.window if self.instruction else None
        if window is None:
            return usual
        return window.sleep_until(now, usual=usual, calls=self.policies.window_poll_count)


def look(tenant: str, controller_id: str, now: datetime) -> Situation | None:
    """The situation of a device by the names it goes by; None where there is no such tenant.

    The tenant may be spelt in any case; who is called so is as `fleet.tenants.tenant_of` has it.
    """
    upper = tenant.upper()
    parameters = {
        "tenant": tenant,
        "tenant_upper": upper,
        "is_default": upper == DEFAULT,
        "usual": settings.ORGANIZATION,
        "controller_id": controller_id,
        "now": moment(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement(), parameters)
        row = cursor.fetchone()
    return None if row is None else _situation(row, now)


def stands(candidate: Candidate, *, has_artifacts: bool) -> bool:
    """Whether the device has taken it up; of modules that are no artifacts it is told them all."""
    return candidate.is_instructed and (candidate.artifact is not None or not has_artifacts)


def joins(situation: Situation) -> bool:
    """Whether the device is now in a dynamic deployment that comes before what it is to do."""
    device, candidate, joinable = situation.device, situation.candidate, situation.joinable
    if device is None or joinable is None:
        return False
    caller = Caller(device.number, device.ref)
    if candidate is None:
        return join_oldest(caller, "", before=None)
    if candidate.is_admitted or candidate.deployment_number < joinable:
        return False
    return join_oldest(caller, "", before=candidate.deployment_number)


@lru_cache(maxsize=1)
def statement() -> str:
    reference = _REF[connection.vendor]
    joinable = OLDEST_JOINABLE.replace("%(device_ref)s", f"({reference})")
    return in_one_line(_STATEMENT.format(joinable=joinable))


def _situation(row: tuple[Any, ...], now: datetime) -> Situation:
    candidate = None if row[20] is None else from_row(row[20:])
    return Situation(
        organization_id=uuid_of(row[0]),
        policies=read_policies(row[1]),
        device=None if row[2] is None else _known(row[2:11]),
        instruction=None if candidate is None else _instruction(candidate, row[8], row[13:20], now),
        installed=row[12],
        joinable=row[11],
        candidate=candidate,
    )


def _known(columns: tuple[Any, ...]) -> Known:
    number, id_, status, is_leaving, address, wants, _type, digest, verdict = columns
    return Known(
        number=number,
        ref=str(uuid_of(id_)),
        is_admitted=status == Admission.ACCEPTED and not is_leaving,
        address=address,
        wants_attributes=bool(wants),
        token_digest=digest or "",
        is_token_accepted=verdict == Admission.ACCEPTED,
    )


def _instruction(
    candidate: Candidate, device_type: str, columns: tuple[Any, ...], now: datetime
) -> Instruction | None:
    """None while it is held, and while nobody can tell what would fit the device."""
    is_leaving, is_confirmed, has_artifacts, action_type, is_due, is_forced, attempts = columns
    window = candidate.window
    if is_leaving:
        step = Step.LEAVE
    elif not stands(candidate, has_artifacts=has_artifacts) and (
        candidate.is_paused or candidate.is_full or (has_artifacts and not device_type)
    ):
        return None
    else:
        step = Step.INSTALL if is_confirmed else Step.CONFIRM
    how = handling(action_type, window, now, is_row_forced=bool(is_forced), is_due=bool(is_due))
    # Each attempt is a thing of its own, and so is waiting for the next one.
    version = how.version(candidate.number, attempts, candidate.is_instructed)
    return Instruction(candidate.number, step, version, window)
