"""Devices come to dynamic deployments by asking: whoever matches the filter then is let in.

Nobody is enlisted beforehand. What could apply is read in SQL, by conditions that are literal
for the sake of the partial index; the filters themselves are asked only where something could.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Value
from django.utils import timezone

from deployments.auto_assigned import take_in
from deployments.candidates import moment, uuid_of
from deployments.models import Deployment, DeviceDeployment
from deployments.parts import part_in
from deployments.places import take_place
from fleet.conditions import is_kept_moving, matching_kept
from fleet.errors import Invalid
from fleet.models import Device, Organization
from query.fiql.errors import Misread

log = logging.getLogger(__name__)

# The active dynamic deployments (`dynamic`) of a device's organization (`device`).
DYNAMIC = """
    dynamic.organization_id = device.organization_id
    AND dynamic.target = 'filter' AND dynamic.finished_at IS NULL"""
_OPENED = """
    SELECT 1 FROM deployments_phase AS phase
    WHERE phase.deployment_id = dynamic.number AND phase.starts_at <= %(now)s"""
# What must hold of one for the device to be let in, should it match.
PREDICATES = {
    "not_closed": "dynamic.joining_closed_at IS NULL",
    "not_paused": "dynamic.paused_at IS NULL",
    "in_order": """(dynamic.weight IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM deployments_devicedeployment AS asked
        WHERE asked.device_id = device.number AND asked.admitted_at IS NOT NULL
            AND asked.deployment_id >= dynamic.number))""",
    # What comes by itself comes once: to whom the release was never given, and fits by its type.
    "release_is_new": """(dynamic.origin <> 'auto_assignment' OR NOT EXISTS (
        SELECT 1 FROM deployments_devicedeployment AS had
        JOIN deployments_deployment AS past ON past.number = had.deployment_id
        WHERE had.device_id = device.number
            AND COALESCE(had.release_id, past.release_id) = dynamic.release_id))""",
    "type_is_taken": """(dynamic.origin <> 'auto_assignment' OR device.target_type_id IS NULL
        OR EXISTS (SELECT 1 FROM artifacts_release AS own
        LEFT JOIN artifacts_releasetype_target_types AS takes
            ON takes.releasetype_id = own.type_id
        WHERE own.number = dynamic.release_id AND (own.type_id IS NULL
            OR takes.targettype_id = device.target_type_id)))""",
    "phase_opened": f"EXISTS ({_OPENED})",
    "phase_has_room": f"""EXISTS ({_OPENED}
        AND (phase.quota IS NULL OR phase.admitted < phase.quota))""",
}
# Who was in it is never in it again, even if that was struck from the device's history.
_IS_NEW = """NOT EXISTS (
    SELECT 1 FROM deployments_devicedeployment AS mine
    WHERE mine.deployment_id = dynamic.number AND mine.device_ref = %(device_ref)s)"""
_ASKED = [each for name, each in PREDICATES.items() if name != "phase_opened"]
_JOINABLE = " AND ".join([*_ASKED, _IS_NEW])
# The number of the oldest that a poll has to look at, as a column of it.
OLDEST_JOINABLE = f"""
    (SELECT MIN(dynamic.number) FROM deployments_deployment AS dynamic
    WHERE {DYNAMIC} AND {_JOINABLE})"""  # noqa: S608 - made of the literals above

_LIST = """
SELECT dynamic.number, dynamic.organization_id, dynamic.filter
FROM fleet_device AS device JOIN deployments_deployment AS dynamic ON {dynamic}
WHERE device.number = %(device)s AND dynamic.number < %(before)s AND {conditions}
ORDER BY dynamic.number
"""
_JOINABLE_OF_DEVICE = _LIST.format(dynamic=DYNAMIC, conditions=_JOINABLE)
# Before it was asked for: not to be begun by the device, whether it has opened or not.
_AHEAD_OF_DEVICE = _LIST.format(
    dynamic=DYNAMIC, conditions=f"{PREDICATES['in_order']} AND {_IS_NEW}"
)
# While an abort is under way nobody is let in behind it; others who join are not kept waiting.
_HOLD = """
SELECT 1 FROM deployments_deployment
WHERE number = %s AND finished_at IS NULL AND paused_at IS NULL
    AND joining_closed_at IS NULL{lock}"""
_LOCK = {"postgresql": " FOR SHARE", "sqlite": ""}

EVERYTHING = 2**31 - 1
AT_ONCE = 20
# Characters, a parameter counting as some: far below what the databases take in one statement.
LONGEST = 300_000
A_PARAMETER = 30
CACHED = 512
# Seconds for which a time from now stays where it is.
STEP = 5


# A question that no device answers.
NOBODY = "SELECT 0 WHERE %s < 0"


class Caller(NamedTuple):
    """A device by its number, and by its id as rows of deployments have it."""

    number: int
    ref: str


class Listed(NamedTuple):
    """A dynamic deployment, and its filter as the database has it."""

    number: int
    organization_id: UUID
    kept: str


class Question(NamedTuple):
    """A statement that has a row, the number of the deployment, if its filter takes a device.

    The number of the device is the last parameter, and has yet to be added.
    """

    number: int
    statement: str
    parameters: tuple[Any, ...]

    @property
    def length(self) -> int:
        return len(self.statement) + A_PARAMETER * len(self.parameters)


def caller_of(device: Device) -> Caller:
    return Caller(device.number, str(device.id))


def join_oldest(caller: Caller, device_type: str, *, before: int | None) -> bool:
    """Let the device into the oldest dynamic deployment it matches; True if there was one.

    Only those older than `before`, if that is given. Its row is written as let in, in one
    transaction; what the device is to install is decided as for any other.
    """
    if oldest_matching(caller, before=before) is None:
        return False
    with transaction.atomic():
        # The device is locked, so that two of its calls cannot be let into two deployments.
        devices = Device.objects.accepted().filter(number=caller.number)
        device = devices.select_for_update(no_key=True).first()
        if device is None or _is_busy(device):
            return False
        number = oldest_matching(caller, before=before)
        return number is not None and _join(device, number, device_type)


def oldest_matching(caller: Caller, *, before: int | None = None) -> int | None:
    """The number of the oldest dynamic deployment that would let the device in now."""
    return next(_matching(caller, _listed(_JOINABLE_OF_DEVICE, caller, before)), None)


def ahead_of(device: Device) -> list[int]:
    """The numbers of those the device matches and has yet to come to, opened or not."""
    caller = caller_of(device)
    return list(_matching(caller, _listed(_AHEAD_OF_DEVICE, caller, None)))


def matches(device: Device, deployment: Deployment) -> bool:
    """Whether the filter of a dynamic deployment takes the device now."""
    devices = matching_kept(device.organization, deployment.filter or {})
    return devices.filter(number=device.number).exists()


def _is_busy(device: Device) -> bool:
    begun = DeviceDeployment.objects.open().asked().filter(device=device)
    return begun.filter(deployment__finished_at__isnull=True).exists()


def _listed(statement: str, caller: Caller, before: int | None) -> list[Listed]:
    parameters = {
        "device": caller.number,
        "device_ref": caller.ref,
        "before": EVERYTHING if before is None else before,
        "now": moment(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    return [Listed(number, uuid_of(organization), kept) for number, organization, kept in rows]


def _matching(caller: Caller, listed: Sequence[Listed]) -> Iterator[int]:
    """The numbers of those whose filter takes the device, in order: one query for many."""
    for few in _in_batches(listed):
        parameters = [each for asked in few for each in (*asked.parameters, caller.number)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked.statement for asked in few), parameters)
            found = {number for (number,) in cursor.fetchall()}
        yield from (asked.number for asked in few if asked.number in found)


def _in_batches(listed: Sequence[Listed]) -> Iterator[list[Question]]:
    few: list[Question] = []
    length = 0
    for asked in (_question(each, _moment_for(each)) for each in listed):
        length += asked.length
        if few and (len(few) == AT_ONCE or length > LONGEST):
            yield few
            few, length = [], asked.length
        few.append(asked)
    if few:
        yield few


def _moment_for(listed: Listed) -> datetime | None:
    """The time as of which its filter is asked; None where that makes no difference."""
    if not _is_moving(listed.kept):
        return None
    now = timezone.now()
    return now.replace(second=now.second // STEP * STEP, microsecond=0)


@lru_cache(maxsize=CACHED)
def _is_moving(kept: str) -> bool:
    try:
        return is_kept_moving(json.loads(kept))
    except (Misread, Invalid):
        return False


@lru_cache(maxsize=CACHED)
def _question(listed: Listed, now: datetime | None) -> Question:
    """Whether the filter takes a device.

    Made once for each deployment, whose filter never changes: to make it costs more than to ask.
    One with times from now is made again every few seconds.
    """
    organization = Organization(id=listed.organization_id)
    try:
        devices = matching_kept(organization, json.loads(listed.kept), now=now).order_by()
    except Invalid as error:  # written when there were other fields: nobody's call fails for it
        log.warning("the filter of deployment %s cannot be asked: %s", listed.number, error)
        return Question(listed.number, NOBODY, ())
    question = devices.filter(number=0).values_list(Value(listed.number))
    try:
        statement, parameters = question.query.sql_with_params()
    except EmptyResultSet:  # a filter that takes nobody, whoever it is
        return Question(listed.number, NOBODY, ())
    # What was filtered by last stands last: the number to be asked for.
    return Question(listed.number, statement, tuple(parameters[:-1]))


def _join(device: Device, number: int, device_type: str) -> bool:
    now = timezone.now()
    phase = take_place(number, now)
    if phase is None or not _hold(number):
        transaction.set_rollback(True)
        return False
    deployment = Deployment.objects.get(number=number)
    if deployment.supersedes:
        # What it is told of it is written when it takes it up, as of any assignment.
        take_in(deployment, phase, [device], now)
        return True
    part_in(number, device, phase_id=phase, device_type=device_type, admitted_at=now).save(
        force_insert=True
    )
    return True


def _hold(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(lock=_LOCK[connection.vendor]), [number])
        return cursor.fetchone() is not None
