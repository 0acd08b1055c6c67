"""Which of a device's open parts is its update: what has begun, else what its next call begins.

Else what may be begun some time, the oldest first; what it has been taken past comes last.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from deployments.models import Deployment, DeviceDeployment
from deployments.next_call import first_of
from deployments.standing import has_opened
from fleet.models import Device


class Turn(enum.IntEnum):
    """When the device comes to it."""

    BEGUN = enum.auto()
    NEXT = enum.auto()
    LATER = enum.auto()
    # Somebody, or the clock, has to open it first.
    CLOSED = enum.auto()
    # The device never goes back behind what it was let into.
    OVERTAKEN = enum.auto()


@dataclass(frozen=True, slots=True)
class OpenPart:
    row: DeviceDeployment
    turn: Turn


@dataclass(frozen=True, slots=True)
class Parts:
    """The open parts of a device, that which is its update in front.

    What is `over` is open still, and cut off: somebody comes round and ends it. `joins` is the
    dynamic deployment that the device would join with its next call, and nothing before that.
    """

    open: list[OpenPart]
    over: list[DeviceDeployment]
    joins: Deployment | None = None


def parts_at_hand(device: Device, now: datetime) -> Parts:
    """All that is open for the device: a handful of queries, however many parts it had."""
    rows = _open_rows(device)
    over = [row for row in rows if row.is_cut_off]
    going = [row for row in rows if row not in over]
    has_begun = any(row.admitted_at for row in going)
    first = None if has_begun else first_of(device, now)
    newest = _newest_asked(device)
    opened = _opened(going)
    found = [OpenPart(row, _turn(row, first, newest, opened)) for row in going]
    found.sort(key=lambda part: (part.turn, part.row.deployment_id))
    return Parts(found, over, _joining(first, rows))


def _open_rows(device: Device) -> list[DeviceDeployment]:
    rows = DeviceDeployment.objects.open().filter(device=device)
    return list(rows.select_related("deployment__release", "release", "phase"))


def _opened(rows: list[DeviceDeployment]) -> set[int]:
    """The numbers of those whose phase has opened."""
    these = DeviceDeployment.objects.filter(has_opened(), number__in=[row.number for row in rows])
    return set(these.values_list("number", flat=True)) if rows else set()


def _newest_asked(device: Device) -> int:
    asked = DeviceDeployment.objects.asked().filter(device=device)
    return int(asked.aggregate(newest=Max("deployment"))["newest"] or 0)


def _turn(row: DeviceDeployment, first: int | None, newest: int, opened: set[int]) -> Turn:
    deployment = row.deployment
    if row.admitted_at is not None:
        return Turn.BEGUN
    if deployment.weight is None and deployment.number < newest:
        return Turn.OVERTAKEN
    if deployment.paused_at is not None or row.number not in opened:
        return Turn.CLOSED
    return Turn.NEXT if deployment.number == first else Turn.LATER


def _joining(first: int | None, rows: list[DeviceDeployment]) -> Deployment | None:
    if first is None or any(row.deployment_id == first for row in rows):
        return None
    return Deployment.objects.select_related("release").get(number=first)
