"""Devices come to dynamic deployments by asking: whoever matches the filter then is let in.

Nobody is enlisted beforehand. What could apply is read in SQL, by conditions that are literal
for the sake of the partial index; the filters themselves are asked only where something could.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.utils import timezone

from deployments.candidates import moment
from deployments.models import Deployment, DeviceDeployment
from deployments.places import take_place
from fleet.filters import matching
from fleet.models import Device

# The active dynamic deployments (`dynamic`) of a device's organization (`device`).
DYNAMIC = """
    dynamic.organization_id = device.organization_id
    AND dynamic.target = 'filter' AND dynamic.finished_at IS NULL"""
_OPENED = """
    SELECT 1 FROM deployments_phase AS phase
    WHERE phase.deployment_id = dynamic.number AND phase.starts_at <= %(now)s"""
# What must hold of one for the device to be let in, should it match.
PREDICATES = {
    "in_order": """NOT EXISTS (
        SELECT 1 FROM deployments_devicedeployment AS asked
        WHERE asked.device_id = device.number AND asked.admitted_at IS NOT NULL
            AND asked.deployment_id >= dynamic.number)""",
    "phase_opened": f"EXISTS ({_OPENED})",
    "phase_has_room": f"""EXISTS ({_OPENED}
        AND (phase.quota IS NULL OR phase.admitted < phase.quota))""",
}
# Who was in it is never in it again, even if that was struck from the device's history.
_IS_NEW = """NOT EXISTS (
    SELECT 1 FROM deployments_devicedeployment AS mine
    WHERE mine.deployment_id = dynamic.number AND mine.device_ref = %(device_ref)s)"""
_JOINABLE = " AND ".join([*PREDICATES.values(), _IS_NEW])
# The number of the oldest that a poll has to look at, as a column of it.
OLDEST_JOINABLE = f"""
    (SELECT MIN(dynamic.number) FROM deployments_deployment AS dynamic
    WHERE {DYNAMIC} AND {_JOINABLE})"""  # noqa: S608 - made of the literals above

_LIST = """
SELECT dynamic.number, dynamic.filter
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
_HOLD = "SELECT 1 FROM deployments_deployment WHERE number = %s AND finished_at IS NULL{lock}"
_LOCK = {"postgresql": " FOR SHARE", "sqlite": ""}

EVERYTHING = 2**31 - 1
AT_ONCE = 20

# The number of a deployment, and the terms of its filter.
Listed = tuple[int, list[dict[str, Any]]]


def join_oldest(device_number: int, device_type: str, *, before: int | None) -> bool:
    """Let the device into the oldest dynamic deployment it matches; True if there was one.

    Only those older than `before`, if that is given. Its row is written as let in, in one
    transaction; what the device is to install is decided as for any other.
    """
    devices = Device.objects.accepted().filter(number=device_number)
    device = devices.first()
    if device is None or oldest_matching(device, before=before) is None:
        return False
    with transaction.atomic():
        # The device is locked, so that two of its calls cannot be let into two deployments.
        locked = devices.select_for_update(no_key=True).first()
        if locked is None or _is_busy(locked):
            return False
        number = oldest_matching(locked, before=before)
        return number is not None and _join(locked, number, device_type)


def oldest_matching(device: Device, *, before: int | None = None) -> int | None:
    """The number of the oldest dynamic deployment that would let the device in now."""
    return next(_matching(device, _listed(_JOINABLE_OF_DEVICE, device, before)), None)


def ahead_of(device: Device) -> list[int]:
    """The numbers of those the device matches and has yet to come to, opened or not."""
    return list(_matching(device, _listed(_AHEAD_OF_DEVICE, device, None)))


def matches(device: Device, deployment: Deployment) -> bool:
    """Whether the filter of a dynamic deployment takes the device now."""
    terms = (deployment.filter or {}).get("terms", [])
    return matching(device.organization, terms).filter(number=device.number).exists()


def part_in(number: int, device: Device, **facts: Any) -> DeviceDeployment:
    """A row of the device in a dynamic deployment, not yet saved."""
    return DeviceDeployment(
        deployment_id=number,
        device=device,
        device_ref=str(device.id),
        device_name=device.name,
        software_before=device.software,
        **facts,
    )


def _is_busy(device: Device) -> bool:
    begun = DeviceDeployment.objects.open().asked().filter(device=device)
    return begun.filter(deployment__finished_at__isnull=True).exists()


def _listed(statement: str, device: Device, before: int | None) -> list[Listed]:
    parameters = {
        "device": device.number,
        "device_ref": str(device.id),
        "before": EVERYTHING if before is None else before,
        "now": moment(timezone.now()),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(number, json.loads(kept)["terms"]) for number, kept in cursor.fetchall()]


def _matching(device: Device, listed: Sequence[Listed]) -> Iterator[int]:
    """The numbers of those whose filter takes the device, in order: one query for many."""
    for start in range(0, len(listed), AT_ONCE):
        few = listed[start : start + AT_ONCE]
        taking = [
            matching(device.organization, terms)
            .filter(number=device.number)
            .order_by()
            .values_list(Value(number))
            for number, terms in few
        ]
        found = {number for (number,) in taking[0].union(*taking[1:], all=True)}
        yield from (number for number, _ in few if number in found)


def _join(device: Device, number: int, device_type: str) -> bool:
    now = timezone.now()
    phase = take_place(number, now)
    if phase is None or not _hold(number):
        transaction.set_rollback(True)
        return False
    part_in(number, device, phase_id=phase, device_type=device_type, admitted_at=now).save(
        force_insert=True
    )
    return True


def _hold(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(lock=_LOCK[connection.vendor]), [number])
        return cursor.fetchone() is not None
