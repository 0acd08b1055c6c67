"""Update control maps: where a device is to pause in an update, and how it goes on.

The device makes sense of a map; here it is kept and handed on as it came, with the id of its
deployment. Source: Mender API, Deployments, update control map.
"""

import json
from typing import Any
from uuid import UUID

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.models import Deployment, DeviceDeployment
from deployments.reach import require_for
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Device
from fleet.texts import is_storable

LIMIT = 64 * 1024

ControlMap = dict[str, Any]


def check_control_map(control_map: ControlMap) -> None:
    """Raises Invalid "invalid_update_control_map" for one too large, or not to be stored."""
    text = json.dumps(control_map, ensure_ascii=False)
    if not is_storable(text) or len(text.encode()) > LIMIT:
        message = f"An update control map is a JSON object of up to {LIMIT // 1024} KiB"
        raise Invalid("invalid_update_control_map", message, field="update_control_map")


def stamped(control_map: ControlMap, deployment_id: UUID) -> ControlMap:
    """The map with the id of its deployment, whatever id it came with, in whatever spelling."""
    rest = {name: value for name, value in control_map.items() if name.casefold() != "id"}
    return {"id": str(deployment_id), **rest}


def change_control_map(*, actor: Actor, deployment: Deployment, control_map: ControlMap) -> None:
    """Put another map in place of the one the deployment has.

    Raises Forbidden, Invalid "invalid_update_control_map", Conflict "no_update_control_map"
    where it was made without one (Mender API, Patch deployment control map).
    """
    require_for(actor, "deployments.change_deployment", deployment)
    check_control_map(control_map)
    kept = stamped(control_map, deployment.id)
    with transaction.atomic():
        having = Deployment.objects.filter(
            number=deployment.number, update_control_map__isnull=False
        )
        if not having.update(update_control_map=kept):
            message = "The deployment has no update control map"
            raise Conflict("no_update_control_map", message)
        what = Subject("deployment", deployment.id, deployment.name)
        record(actor, Action.UPDATE, what, {"update_control_map": kept})
    deployment.update_control_map = kept


def control_map_for(device: Device, deployment_id: UUID) -> ControlMap:
    """The map of a deployment the device is in and has not finished.

    Raises NotFound "no_update_control_map" (Mender API, Get update control map).
    """
    rows = DeviceDeployment.objects.asked().open().select_related("deployment")
    row = rows.filter(
        device=device, deployment__id=deployment_id, deployment__finished_at__isnull=True
    ).first()
    if row is None or row.deployment.update_control_map is None:
        raise NotFound("no_update_control_map", "There is no update control map for the device")
    found: ControlMap = row.deployment.update_control_map
    return found
