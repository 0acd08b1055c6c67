"""Why has a device been told to take up a deployment, or why not? What the poll decides, read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from deployments import joining
from deployments.candidates import (
    COLUMNS,
    ENDING,
    MOST_AT_ONCE,
    PREDICATES,
    ROWS,
    Candidate,
    candidate_for,
    from_row,
    judge,
    moment,
    of_device,
)
from deployments.joining import caller_of, matches, oldest_matching, part_in
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment
from deployments.reasons import Facts, Reason, reasons
from fleet.models import Contact, Device, Inventory

_ROW = f"""
SELECT {COLUMNS}, {", ".join(PREDICATES.values())}
FROM {ROWS} LEFT JOIN artifacts_artifact AS artifact ON artifact.number = part.artifact_id
WHERE part.number = %(part)s
"""  # noqa: S608 - made of literals

_DYNAMIC = f"""
SELECT {", ".join(joining.PREDICATES.values())}
FROM fleet_device AS device JOIN deployments_deployment AS dynamic
    ON dynamic.number = %(deployment)s
WHERE device.number = %(device)s
"""  # noqa: S608 - made of literals


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether the device's next call is answered with this deployment, and the reasons: what
    blocks first, then what it waits for, then what is fine."""

    offered: bool
    reasons: list[Reason]


def explain(
    device: Device, deployment: Deployment, *, among: DeploymentQuerySet | None = None
) -> Explanation:
    """Explain by the poll's own predicates and what the device last said in its inventory.

    Another deployment that comes first is named if it is `among` those that may be, by default all.
    """
    rows = DeviceDeployment.objects.filter(deployment=deployment, device_ref=str(device.id))
    row = rows.first()
    if row is None and not deployment.is_dynamic:
        text = "The deployment is not for this device"
        reason = Reason("not_targeted", passed=False, text=text, blocks=True)
        return Explanation(offered=False, reasons=[reason])
    is_in = row is not None
    row = row or part_in(deployment.number, device)
    row.deployment = deployment
    facts = _facts(device, deployment, row, is_in=is_in, among=among)
    found = reasons(facts)
    # Having to call is the one thing that may be left to wait for.
    in_the_way = [reason for reason in found if not reason.passed]
    return Explanation(all(reason.code == "waiting_for_call" for reason in in_the_way), found)


def _facts(
    device: Device,
    deployment: Deployment,
    row: DeviceDeployment,
    *,
    is_in: bool,
    among: DeploymentQuerySet | None,
) -> Facts:
    now = timezone.now()
    provides = provides_of(device)
    if is_in:
        candidate, holds = _read(row.number, now)
    else:
        candidate, holds = candidate_for(deployment), _read_dynamic(device, deployment, now)
    first = _first(device, provides, now)
    other = None if first == deployment.number else first
    return Facts(
        device=device,
        deployment=deployment,
        row=row,
        holds=holds,
        judgement=judge(candidate, provides),
        phases=list(deployment.phases.all()),
        first="" if other is None else _named(other, among),
        seen_at=Contact.objects.filter(device=device).values_list("seen_at", flat=True).first(),
        now=now,
    )


def _named(number: int, among: DeploymentQuerySet | None) -> str:
    deployments = Deployment.objects.all() if among is None else among
    found = deployments.filter(number=number).first()
    if found is None:
        return "Another deployment"
    return f"The deployment “{found.name}”" + (", which is paused," if found.paused_at else "")


def provides_of(device: Device) -> dict[str, str]:
    """What its next call will probably say."""
    inventory = Inventory.objects.filter(device=device).first()
    told: dict[str, Any] = inventory.attributes.get("inventory", {}) if inventory else {}
    provides = {name: value for name, value in told.items() if isinstance(value, str)}
    asked = DeviceDeployment.objects.asked().filter(device=device).order_by("-deployment_id")
    last_type = asked.values_list("device_type", flat=True).first()
    provides["device_type"] = device.device_type or last_type or ""
    return provides | {"artifact_name": device.software}


def _read(number: int, now: datetime) -> tuple[Candidate, dict[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROW, {"part": number, "now": moment(now)})
        row = cursor.fetchone()
    split = len(row) - len(PREDICATES)
    candidate = from_row(row[:split])
    holds = dict(zip(PREDICATES, map(bool, row[split:]), strict=True))
    return candidate, holds | {"not_paused": not candidate.is_held}


def _read_dynamic(device: Device, deployment: Deployment, now: datetime) -> dict[str, bool]:
    """What holds for a device that is not in it; also whether it matches the filter now."""
    with connection.cursor() as cursor:
        facts = {"device": device.number, "deployment": deployment.number, "now": moment(now)}
        cursor.execute(_DYNAMIC, facts)
        holds = dict(zip(joining.PREDICATES, map(bool, cursor.fetchone()), strict=True))
    return holds | {"matches": matches(device, deployment)}


def _first(device: Device, provides: dict[str, str], now: datetime) -> int | None:
    """The deployment the next call stays with, having ended the rows there is nothing to do for.

    A dynamic one that it has yet to join counts as well.
    """
    row = _first_row(device, provides, now)
    number = None if row is None else row.deployment_number
    if row is not None and row.is_admitted:
        return number
    joins = oldest_matching(caller_of(device), before=number)
    return number if joins is None else joins


def _first_row(device: Device, provides: dict[str, str], now: datetime) -> Candidate | None:
    candidates = of_device(device.number, now=now)
    for candidate in candidates:
        if candidate.is_held or judge(candidate, provides).verdict not in ENDING:
            return candidate
    return candidates[-1] if len(candidates) == MOST_AT_ONCE else None
