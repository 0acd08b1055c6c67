"""Write a row for each device of a deployment: set by set, never one by one."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from artifacts.versions import version_of
from deployments.models import Deployment, DeviceDeployment
from deployments.targets import Targets
from fleet.models import Device
from fleet.models.device import DeviceQuerySet

CHUNK = 20_000
# What is read of each device.
ENLISTED = ("number", "id", "organization_id", "name", "software", "sensor_version", "kit_type")

UUID_TEXT = {
    "postgresql": "CAST(device.id AS text)",
    "sqlite": (
        "substr(device.id, 1, 8) || '-' || substr(device.id, 9, 4) || '-' ||"
        " substr(device.id, 13, 4) || '-' || substr(device.id, 17, 4) || '-' ||"
        " substr(device.id, 21)"
    ),
}
_LISTED = {
    "postgresql": """
        (SELECT pair ->> 0 AS given, pair ->> 1 AS canonical, CAST(pair ->> 1 AS uuid) AS id
         FROM jsonb_array_elements(CAST(%s AS jsonb)) AS listed (pair))""",
    "sqlite": """
        (SELECT json_extract(value, '$[0]') AS given, json_extract(value, '$[1]') AS canonical,
                replace(json_extract(value, '$[1]'), '-', '') AS id
         FROM json_each(%s))""",
}
# Who is deleted before we commit would leave a row that points nowhere: let that wait for us.
_HOLD = {"postgresql": " FOR KEY SHARE OF fleet_device", "sqlite": ""}
_INSERT = """
INSERT INTO deployments_devicedeployment
    (deployment_id, device_id, device_ref, device_name, software_before, version_before, kit_type,
     state, substate, is_open, device_type, attempts, has_log)
SELECT CAST(%s AS integer), device.number, {ref}, {name}, {software}, {version}, {kit_type},
       'pending', '', TRUE, '', 0, FALSE
FROM {source} {ran}
"""
# What devices (`device`) run: as they say themselves, else by the release of that name (`ran`).
RAN = """
LEFT JOIN artifacts_release AS ran ON ran.organization_id = device.organization_id
    AND ran.name = device.software AND ran.deleted_at IS NULL"""
VERSION = """
    COALESCE(NULLIF(device.sensor_version, ''), NULLIF(ran.version, ''),
        SUBSTR(device.software, 1, 512), '')"""


def enlist(deployment: Deployment, targets: Targets) -> int:
    """Write the rows and return how many; ids that nobody here has (yet) get a row as well."""
    if targets.listed is None:
        return _enlist_devices(deployment, targets.devices().accepted())
    starts = range(0, len(targets.listed), CHUNK)
    chunks = (replace(targets, listed=targets.listed[at : at + CHUNK]) for at in starts)
    return sum(_enlist_listed(deployment, chunk) for chunk in chunks)


def link(devices: Sequence[Device]) -> None:
    """Give new devices of one organization the enlistments that named them before they existed."""
    by_ref = {str(device.id): device for device in devices}
    waiting = DeviceDeployment.objects.filter(
        device__isnull=True,
        is_open=True,
        device_ref__in=by_ref,
        deployment__in=Deployment.objects.of(devices[0].organization_id),
    )
    for ref in waiting.order_by().values_list("device_ref", flat=True).distinct():
        device = by_ref[ref]
        waiting.filter(device_ref=ref).update(
            device=device,
            device_name=device.name,
            software_before=device.software,
            version_before=version_of(device),
            kit_type=device.kit_type,
        )


def _enlist_devices(deployment: Deployment, devices: DeviceQuerySet) -> int:
    select, parameters = held(devices)
    insert = _INSERT.format(
        ref=UUID_TEXT[connection.vendor],
        name="device.name",
        software="device.software",
        version=VERSION,
        kit_type="device.kit_type",
        source=f"({select}) AS device",
        ran=RAN,
    )
    return execute(insert, [deployment.number, *parameters])


def _enlist_listed(deployment: Deployment, targets: Targets) -> int:
    select, parameters = held(targets.devices())
    insert = _INSERT.format(
        ref="CASE WHEN device.number IS NULL THEN listed.given ELSE listed.canonical END",
        name="COALESCE(device.name, '')",
        software="COALESCE(device.software, '')",
        version=VERSION,
        kit_type="COALESCE(device.kit_type, 'OTHER')",
        ran=RAN,
        source=f"{_LISTED[connection.vendor]} AS listed"
        f" LEFT JOIN ({select}) AS device ON device.id = listed.id",
    )
    return execute(insert, [deployment.number, json.dumps(targets.listed), *parameters])


def held(devices: DeviceQuerySet) -> tuple[str, tuple[Any, ...]]:
    """The devices as a subquery, none of which can be deleted until the transaction ends."""
    columns = devices.order_by("number").values(*ENLISTED)
    select, parameters = columns.query.sql_with_params()
    return select + _HOLD[connection.vendor], parameters


def execute(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
