"""A device asks for work: the poll, which for most devices is one statement and no write."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from deployments.candidates import (
    ACTIONABLE,
    COLUMNS,
    MOST_AT_ONCE,
    ORDER,
    ROWS,
    Candidate,
    Fitting,
    Judgement,
    Verdict,
    from_row,
    id_parameter,
    in_one_line,
    judge,
    moment,
)
from deployments.joining import OLDEST_JOINABLE, Caller, join_oldest
from deployments.lapsing import take_back_lapsed
from deployments.taking_up import carry_out
from fleet import presence
from fleet.device_tokens import DeviceClaims
from fleet.errors import Conflict, Invalid
from fleet.texts import is_storable

# The token still stands, and what there is to do: no row is 401, a row without a part is 204,
# unless the device may join a dynamic deployment.
_POLL = in_one_line(f"""
SELECT {OLDEST_JOINABLE}, {COLUMNS}
FROM fleet_authset AS auth_set
JOIN fleet_device AS device ON device.number = auth_set.device_id
    AND device.id = %(device_id)s AND NOT device.is_leaving
LEFT JOIN deployments_devicedeployment AS part ON part.number = (
    SELECT part.number FROM {ROWS}
    WHERE part.device_id = auth_set.device_id AND {ACTIONABLE}
    ORDER BY {ORDER}
    LIMIT 1)
LEFT JOIN deployments_deployment AS whole ON whole.number = part.deployment_id
LEFT JOIN artifacts_artifact AS artifact ON artifact.number = part.artifact_id
WHERE auth_set.number = %(auth_set)s
    AND auth_set.token_serial = %(serial)s
    AND auth_set.token_issued_at IS NOT NULL
    AND auth_set.status = 'accepted'
""")  # noqa: S608 - made of literals


class Unauthorized(Exception):
    """The token no longer stands, or its key is not (any more) accepted."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the device is to install; `size` is in bytes, `file` a name in the storage.

    A configuration has no file: it goes by the id of its deployment and is for the device's own
    type. `update_control_map` is as it was given, with the id of the deployment.
    """

    deployment_id: UUID
    device_deployment: int
    artifact_id: UUID
    artifact_name: str
    device_types: tuple[str, ...]
    file: str
    size: int
    organization_id: UUID
    is_configuration: bool = False
    update_control_map: dict[str, Any] | None = None


def poll(claims: DeviceClaims, provides: dict[str, str]) -> Offer | None:
    """What the device is to do now; the same again until it has reported the end of it.

    `provides` holds "device_type", "artifact_name" and whatever artifacts may depend on.
    Raises Unauthorized, Invalid "invalid_device_type", and Conflict "conflicting_request" where
    the device changed its type with an instruction standing (Mender API, Check for updates).
    """
    device_type = provides.get("device_type", "")
    for _ in range(MOST_AT_ONCE):
        joinable, candidate = _standing(claims)
        if joinable is not None and _joins(claims, joinable, candidate, device_type):
            continue
        if candidate is None or candidate.is_held:
            return None
        if candidate.waits_for_window(now := timezone.now()):
            if take_back_lapsed(candidate, now):
                continue
            return None
        _check(device_type)
        is_answer, offer = _take_up(claims, candidate, judge(candidate, provides), device_type)
        if is_answer:
            return offer
    return None


def _take_up(
    claims: DeviceClaims, candidate: Candidate, judgement: Judgement, device_type: str
) -> tuple[bool, Offer | None]:
    """Whether that answers the call, and with what; if not, there may be more to do."""
    match judgement.verdict:
        case Verdict.TYPE_CHANGED:
            raise Conflict("conflicting_request", "Device provided conflicting request data")
        case Verdict.UNDECIDED:
            return True, None
        case Verdict.STANDS:
            return True, _offer(candidate, judgement, device_type)
    is_done = _carry_out(claims, candidate, judgement, device_type)
    if is_done and judgement.verdict is Verdict.FITS:
        return True, _offer(candidate, judgement, device_type)
    return False, None


def _joins(
    claims: DeviceClaims, joinable: int, candidate: Candidate | None, device_type: str
) -> bool:
    """Whether the device is now in a dynamic deployment that comes before its candidate."""
    _check(device_type)
    caller = Caller(claims.device, str(claims.device_id))
    if candidate is None:
        return join_oldest(caller, device_type, before=None)
    if candidate.is_admitted or candidate.deployment_number < joinable:
        return False
    return join_oldest(caller, device_type, before=candidate.deployment_number)


def _standing(claims: DeviceClaims) -> tuple[int | None, Candidate | None]:
    """The oldest dynamic deployment that might apply, and the row that can be acted on."""
    parameters = {
        "auth_set": claims.auth_set,
        "serial": claims.serial,
        "device_id": id_parameter(claims.device_id),
        "device_ref": str(claims.device_id),
        "now": moment(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_POLL, parameters)
        row = cursor.fetchone()
    if row is None:
        raise Unauthorized
    presence.seen(claims.device)
    return row[0], None if row[1] is None else from_row(row[1:])


def _offer(candidate: Candidate, judgement: Judgement, device_type: str) -> Offer:
    itself = Fitting(candidate.deployment_id, (device_type,), "", 0)
    artifact = judgement.artifact or itself
    return Offer(
        candidate.deployment_id,
        candidate.number,
        artifact.id,
        candidate.release_name,
        artifact.device_types,
        artifact.file,
        artifact.size,
        candidate.organization_id,
        candidate.is_configuration,
        candidate.update_control_map,
    )


def _carry_out(
    claims: DeviceClaims, candidate: Candidate, judgement: Judgement, device_type: str
) -> bool:
    """Write what was decided; False if things were no longer as they were read."""
    return carry_out(
        claims.device, candidate, judgement, device_type, reread=lambda: _standing(claims)[1]
    )


def _check(device_type: str) -> None:
    if len(device_type) > 256 or not is_storable(device_type):
        raise Invalid("invalid_device_type", "A device type is plain text of up to 256 characters")
