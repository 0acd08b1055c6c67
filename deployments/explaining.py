"""Why has a device been told to take up a deployment, or why not? What the poll decides, read."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from deployments import joining
from deployments.candidates import (
    COLUMNS,
    PREDICATES,
    ROWS,
    Candidate,
    candidate_for,
    from_row,
    moment,
)
from deployments.joining import matches
from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment
from deployments.next_call import first_of, judgement_of
from deployments.parts import part_in
from deployments.reasons import Facts, reasons
from deployments.speaking import does_name_itself
from deployments.stating import Reason
from fleet.models import Contact, Device

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
    if is_in:
        candidate, holds = _read(row.number, now)
    else:
        candidate, holds = candidate_for(deployment), _read_dynamic(device, deployment, now)
    first = first_of(device, now)
    other = None if first == deployment.number else first
    return Facts(
        device=device,
        deployment=deployment,
        row=row,
        holds=holds,
        judgement=judgement_of(device, candidate),
        phases=list(deployment.phases.all()),
        first="" if other is None else _named(other, among),
        names_itself=does_name_itself(device),
        seen_at=Contact.objects.filter(device=device).values_list("seen_at", flat=True).first(),
        now=now,
    )


def _named(number: int, among: DeploymentQuerySet | None) -> str:
    deployments = Deployment.objects.all() if among is None else among
    found = deployments.filter(number=number).first()
    if found is None:
        return "Another deployment"
    weight = "" if found.weight is None else f", of weight {found.weight},"
    paused = ", which is paused," if found.paused_at else ""
    return f"The deployment “{found.name}”{paused or weight}"


def _read(number: int, now: datetime) -> tuple[Candidate, dict[str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_ROW, {"part": number, "now": moment(now)})
        row = cursor.fetchone()
    split = len(row) - len(PREDICATES)
    candidate = from_row(row[:split])
    holds = dict(zip(PREDICATES, map(bool, row[split:]), strict=True))
    return candidate, holds | {
        "not_paused": candidate.stands or not candidate.is_paused,
        "not_full": candidate.stands or not candidate.is_full,
        "is_kept_to_window": not candidate.stands,
    }


def _read_dynamic(device: Device, deployment: Deployment, now: datetime) -> dict[str, bool]:
    """What holds for a device that is not in it; also whether it matches the filter now."""
    with connection.cursor() as cursor:
        facts = {"device": device.number, "deployment": deployment.number, "now": moment(now)}
        cursor.execute(_DYNAMIC, facts)
        holds = dict(zip(joining.PREDICATES, map(bool, cursor.fetchone()), strict=True))
    return holds | {"matches": matches(device, deployment), "is_kept_to_window": True}
