"""The devices that hawkBit's queries are asked of, and what a matcher in memory is told of them."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.standing import ASSIGNED, INSTALLED, STANDING
from deployments.states import OPEN, State
from fleet.models import Device, Inventory, Organization, TargetType
from query.fiql.times import canonical
from query.matching import MISSING
from query.searching import folded
from query.tree import Field
from tests.make import make_distribution_set, make_target

# t6 has nothing assigned and t4's empty description is none: neither can be said of a device here.
HERE: dict[str, dict[str, Any]] = {
    "t1": {
        "name": "alpha",
        "description": "gateway north",
        "attributes": {"hw": "1.1", "os": "linux"},
        "metadata": {"site": "oslo"},
        "tags": ["eu", "beta"],
        "parts": [("fw:1.0", State.SUCCESS)],
        "software": "fw:1.0",
        "type": "gw",
        "minutes": 1,
        "group": "eu/no",
    },
    "t2": {
        "name": "beta",
        "description": "gateway south",
        "attributes": {"hw": "1.2", "os": "linux"},
        "metadata": {"site": "rome"},
        "tags": ["eu"],
        "parts": [("fw:1.0", State.SUCCESS), ("fw:2.0", State.PENDING)],
        "software": "fw:1.0",
        "type": "gw",
        "minutes": 2,
        "group": "eu/it",
    },
    "t3": {
        "name": "gamma",
        "attributes": {"hw": "1.1"},
        "tags": ["us"],
        "parts": [("fw:2.0", State.FAILURE)],
        "software": "fw:1.0",
        "minutes": 60,
        "group": "us",
    },
    "t4": {"name": "delta", "metadata": {"site": ""}, "minutes": 9},
    "t5": {
        "name": "Alpha2",
        "description": "sensor",
        "attributes": {"os": "rtos"},
        "metadata": {"note": "null"},
        "tags": ["beta"],
        "type": "sn",
    },
    "t6": {"name": "null", "description": "100%", "attributes": {"hw": "null"}},
    "t7": {
        "name": "a*b",
        "description": "x_y",
        "attributes": {"hw": "2.0", "os": "Linux"},
        "metadata": {"site": "OSLO"},
        "tags": ["us", "beta"],
        "parts": [("app:1.0", State.SUCCESS)],
        "software": "app:1.0",
        "type": "sn",
        "minutes": 11,
        "group": "us",
    },
    "t8": {
        "name": "epsilon",
        "description": "sensor",
        "attributes": {"a.b": "1"},
        "tags": ["gold"],
        "parts": [("fw:1.0", State.PENDING)],
        "type": "gw",
        "minutes": 3,
    },
}
_SCOPES = ("attributes", "metadata", "tags")


def settle(organization: Organization, devices: dict[str, dict[str, Any]]) -> None:
    """Make the devices, with the sets and the types that they name."""
    sets = {
        name: make_distribution_set(organization, *name.split(":"))
        for name in ("fw:1.0", "fw:2.0", "app:1.0")
    }
    for controller_id, facts in devices.items():
        settle_one(organization, controller_id, facts, sets)


def settle_one(
    organization: Organization,
    controller_id: str,
    facts: dict[str, Any],
    sets: dict[str, Release],
) -> Device:
    minutes = facts.get("minutes")
    device = make_target(
        organization,
        controller_id,
        name=facts["name"],
        description=facts.get("description", ""),
        group=facts.get("group", ""),
        software=facts.get("software", ""),
        target_type=_type(organization, facts.get("type")),
        seen_at=None if minutes is None else timezone.now() - timedelta(minutes=minutes),
    )
    known = {"attributes": facts.get("attributes"), "metadata": facts.get("metadata")}
    scopes = {
        "inventory": known["attributes"],
        "metadata": known["metadata"],
        "tags": dict.fromkeys(facts.get("tags", []), ""),
    }
    Inventory.objects.create(
        device=device, attributes={name: value for name, value in scopes.items() if value}
    )
    for name, state in facts.get("parts", []):
        _take_part(device, sets[name], state)
    return device


def _type(organization: Organization, key: str | None) -> TargetType | None:
    if key is None:
        return None
    return TargetType.objects.get_or_create(
        organization=organization, key=key, defaults={"name": f"type {key}"}
    )[0]


def _take_part(device: Device, release: Release, state: State) -> DeviceDeployment:
    deployment = Deployment.objects.create(
        organization=device.organization,
        name=f"{release.name} to {device.name}",
        release=release,
        release_name=release.name,
        origin=Deployment.Origin.ASSIGNMENT,
        weight=1000,
        target=Deployment.Target.DEVICES,
        size=1,
        request_digest=uuid.uuid4().hex,
        created_by="ada@example.com",
    )
    Phase.objects.create(deployment=deployment, position=0, starts_at=timezone.now())
    return DeviceDeployment.objects.create(
        deployment=deployment,
        device=device,
        device_ref=str(device.id),
        state=state,
        is_open=state in OPEN,
        finished_at=None if state in OPEN else timezone.now(),
    )


def look_up_of(device: Device) -> Callable[[Field], object]:
    """What is known of the device, by the fields of the list of targets, in small letters."""
    rows = Device.objects.select_related("inventory", "contact", "target_type")
    row = rows.annotate(standing=STANDING, assigned=ASSIGNED, installed=INSTALLED).get(pk=device.pk)
    scopes = row.inventory.attributes if hasattr(row, "inventory") else {}
    type_ = row.target_type
    plain: dict[str, Any] = {
        "id": row.controller_id,
        "controllerid": row.controller_id,
        "name": row.name,
        "description": row.description,
        "group": row.group,
        "ipaddress": row.address,
        "createdby": row.created_by,
        "createdat": row.created_at,
        "updatestatus": row.standing,  # type: ignore[attr-defined]
        "lastcontrollerrequestat": row.contact.seen_at if hasattr(row, "contact") else None,
        "autoconfirm": False,
        "tag": list(scopes.get("tags", {})),
        "type": type_.key if type_ else None,
        "type.name": type_.name if type_ else None,
        "targettype.id": type_.number if type_ else None,
        **_set_of("assignedds", row.assigned),  # type: ignore[attr-defined]
        **_set_of("installedds", row.installed),  # type: ignore[attr-defined]
    }
    plain |= {"type.key": plain["type"], "targettype.key": plain["type"], "tag.name": plain["tag"]}
    maps = {
        "attribute": _folded_names(scopes.get("inventory", {})),
        "metadata": _folded_names(scopes.get("metadata", {})),
    }

    def look_up(field: Field) -> object:
        if len(field) > 1:
            return maps[field[0]].get(field[1], MISSING)
        value = plain[field[0]]
        return MISSING if value is None or value in ("", []) else _told(value)

    return look_up


def _set_of(name: str, number: int | None) -> dict[str, str | None]:
    found = Release.objects.filter(number=number).first()
    return {
        f"{name}.name": found.title if found else None,
        f"{name}.version": found.version if found else None,
    }


def _folded_names(values: dict[str, Any]) -> dict[str, Any]:
    """Names that differ by their case alone are one, with the values of all."""
    found: dict[str, list[Any]] = {}
    for name, value in values.items():
        told = _told(value)
        found.setdefault(folded(name), []).extend(told if isinstance(told, list) else [told])
    return found


def _told(value: object) -> object:
    match value:
        case str():
            return folded(value)
        case list():
            return [_told(each) for each in value]
        case datetime():
            return canonical(value)
        case _:
            return value
