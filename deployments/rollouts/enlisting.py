"""Write a row for each device of a rollout, in its group from the beginning: set by set."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from deployments.candidates import moment
from deployments.enlisting import RAN, UUID_TEXT, VERSION, execute, held
from deployments.models import Deployment, DeviceDeployment, Phase
from fleet.models.device import DeviceQuerySet

_SLOTS = {
    "postgresql": """
        (SELECT CAST(slot ->> 0 AS integer) AS phase, CAST(slot ->> 1 AS integer) AS first,
                CAST(slot ->> 2 AS integer) AS last
         FROM jsonb_array_elements(CAST(%s AS jsonb)) AS listed (slot))""",
    "sqlite": """
        (SELECT json_extract(value, '$[0]') AS phase, json_extract(value, '$[1]') AS first,
                json_extract(value, '$[2]') AS last
         FROM json_each(%s))""",
}
_AT = {"postgresql": "CAST(%s AS timestamptz)", "sqlite": "%s"}
_INSERT = """
INSERT INTO deployments_devicedeployment
    (deployment_id, device_id, device_ref, device_name, software_before, version_before, kit_type,
     state, substate, is_open, device_type, attempts, has_log, phase_id, enlisted_at)
SELECT CAST(%s AS integer), device.number, {ref}, device.name, device.software, {version},
       device.kit_type,
       'pending', '', TRUE, '', 0, FALSE, slot.phase, {at}
FROM (SELECT chosen.*, ROW_NUMBER() OVER (ORDER BY chosen.number) AS place
      FROM ({select}) AS chosen) AS device
{ran}
JOIN {slots} AS slot ON device.place BETWEEN slot.first AND slot.last
ORDER BY device.place
"""
EVERYBODY = 2**31 - 1


class Slot(NamedTuple):
    """The devices, counted from 1 in order of their numbers, that are in a group."""

    phase: int
    first: int
    last: int


def enlist_in(
    deployment: Deployment,
    devices: DeviceQuerySet,
    slots: Sequence[Slot],
    *,
    at: datetime | None = None,
) -> int:
    """Write the rows of those devices that are in a slot and return how many there are.

    `at` is when they came, if that is not with the deployment. None of the devices can be deleted
    until the transaction ends.
    """
    select, parameters = held(devices)
    vendor = connection.vendor
    insert = _INSERT.format(
        ref=UUID_TEXT[vendor],
        at=_AT[vendor],
        select=select,
        slots=_SLOTS[vendor],
        version=VERSION,
        ran=RAN,
    )
    given: list[Any] = [deployment.number, None if at is None else moment(at)]
    return execute(insert, [*given, *parameters, json.dumps(slots)])


def not_in(deployment: Deployment, devices: DeviceQuerySet) -> DeviceQuerySet:
    """Those of the devices that have no part in the deployment."""
    mine = DeviceDeployment.objects.filter(deployment=deployment, device=OuterRef("number"))
    return devices.filter(~Exists(mine))


def count_devices(deployment: Deployment) -> int:
    """Write into each group how many devices it has, and return how many there are in all."""
    rows = DeviceDeployment.objects.filter(deployment=deployment).order_by()
    sizes = dict(rows.values_list("phase").annotate(devices=Count("*")))
    phases = list(deployment.phases.all())
    for phase in phases:
        phase.size = sizes.get(phase.number, 0)
    Phase.objects.bulk_update(phases, ["size"])
    return sum(sizes.values())


def bounds(shares: Sequence[float], devices: int) -> list[tuple[int, int]]:
    """The first and the last device of each group: shares in percent, cut one after the other.

    What is left of a share by rounding is in the next one; there are no more than `devices`.
    """
    found, before, total = [], 0, 0.0
    for share in shares:
        total += share
        last = min(devices, int(total * devices / 100 + 0.5))
        found.append((before + 1, last))
        before = last
    return found
