"""Deploy to each kind of sensor kit its own release, to all devices that were found.

One transaction, whatever the number of devices. Source: Carbon Black, create sensor update job.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from artifacts.completeness import is_deployable
from artifacts.kits import KitRelease, releases_for_kits, unknown_version
from artifacts.locking import lock_if_wanted
from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.candidates import moment
from deployments.creating import check_name, made_by, subject
from deployments.enlisting import RAN, UUID_TEXT, VERSION, execute, held
from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeploymentKit, Phase
from deployments.reach import ADD
from deployments.signals import DeploymentEvent, tell
from deployments.states import Cause, State
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import require
from fleet.policies import policies_of

SEVERAL = "multiple"
# Whose kit changes between the two statements is in it by the first.
_INSERT = """
INSERT INTO deployments_devicedeployment
    (deployment_id, device_id, device_ref, device_name, software_before, version_before, kit_type,
     release_id, state, substate, is_open, finished_at, cause, message, device_type, attempts,
     has_log)
SELECT CAST(%s AS integer), device.number, {ref}, device.name, device.software, {version},
       device.kit_type, {release}, {state}, '', {is_open}, {finished_at}, {cause}, {message}, '', 0,
       FALSE
FROM ({select}) AS device {ran}
WHERE {condition}
ON CONFLICT (deployment_id, device_ref) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class KitPlan:
    """What is asked for: `versions` by kit type.

    `is_listed` where somebody named each device: those for whose kit nothing was asked are then
    enlisted too, as failed; else they are left out.
    """

    name: str
    versions: Mapping[str, str]
    job_type: Deployment.JobType = Deployment.JobType.ENDPOINT
    is_listed: bool = False


def create_by_kit(
    *, actor: Actor, organization: Organization, plan: KitPlan, devices: DeviceQuerySet
) -> Deployment:
    """Make the deployment, open at once, with a row for each of the devices; there may be none.

    Raises Forbidden, Invalid "invalid_name", "unknown_kit_type", "unknown_version".
    """
    require(actor, ADD)
    check_name(plan.name)
    with transaction.atomic():
        now = timezone.now()
        chosen = _hold(organization, releases_for_kits(organization.pk, plan.versions))
        deployment = _insert(actor, organization, plan, chosen, now)
        Phase.objects.create(deployment=deployment, position=0, starts_at=now)
        deployment.size = _enlist(deployment, plan, chosen, devices, now)
        deployment.save(update_fields=["size"])
        for each in {each.release.pk: each.release for each in chosen}.values():
            lock_if_wanted(each, organization)
        record(actor, Action.CREATE, subject(deployment), _summary(deployment, plan))
        tell(deployment, DeploymentEvent.CREATED, now)
        close_after_commit(deployment.number)
    return deployment


def _hold(organization: Organization, chosen: Sequence[KitRelease]) -> Sequence[KitRelease]:
    """Their last artifact cannot be deleted while we commit to them; raises "unknown_version"
    where that has just happened."""
    wanted = {each.release.pk for each in chosen}
    rows = Release.objects.of(organization.pk).filter(number__in=wanted).order_by("number")
    held = {each.pk: each for each in rows.select_for_update(no_key=True)}
    for kit_type, version, release in chosen:
        if release.pk not in held or not is_deployable(held[release.pk]):
            raise unknown_version(kit_type, version)
    return chosen


def _insert(
    actor: Actor,
    organization: Organization,
    plan: KitPlan,
    chosen: Sequence[KitRelease],
    now: datetime,
) -> Deployment:
    releases = {each.release.pk: each.release for each in chosen}
    only = next(iter(releases.values())) if len(releases) == 1 else None
    policies = policies_of(organization)
    deployment = Deployment.objects.create(
        organization=organization,
        name=plan.name,
        job_type=plan.job_type,
        release=only,
        release_name=only.name if only else SEVERAL,
        target=Deployment.Target.DEVICES,
        size=0,
        in_flight_limit=policies.job_in_flight_limit,
        expires_at=now + timedelta(seconds=policies.job_lifetime),
        request_digest=uuid.uuid4().hex,
        created_at=now,
        **made_by(actor),
    )
    DeploymentKit.objects.bulk_create(
        DeploymentKit(
            deployment=deployment,
            kit_type=each.kit_type,
            version=each.version,
            release=each.release,
            release_name=each.release.name,
        )
        for each in chosen
    )
    return deployment


def _enlist(
    deployment: Deployment,
    plan: KitPlan,
    chosen: Sequence[KitRelease],
    devices: DeviceQuerySet,
    now: datetime,
) -> int:
    select, parameters = held(devices)
    kits = ", ".join(f"'{each.kit_type.value}'" for each in chosen)
    facts = {
        "ref": UUID_TEXT[connection.vendor],
        "version": VERSION,
        "select": select,
        "ran": RAN,
    }
    own = "".join(f" WHEN '{each.kit_type.value}' THEN {int(each.release.pk)}" for each in chosen)
    release = "NULL" if deployment.release_id else f"CASE device.kit_type{own} END"
    waiting = _INSERT.format(
        **facts,
        release=f"CAST({release} AS integer)",
        state="'pending'",
        is_open="TRUE",
        finished_at="NULL",
        cause="''",
        message="''",
        condition=f"device.kit_type IN ({kits})",
    )
    enlisted = execute(waiting, [deployment.number, *parameters])
    if not plan.is_listed:
        return enlisted
    left_out = _INSERT.format(
        **facts,
        release="NULL",
        state=f"'{State.NO_ARTIFACT.value}'",
        is_open="FALSE",
        finished_at="CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s",
        cause=f"'{Cause.NOT_REQUESTED.value}'",
        message="'No sensor version was requested for kit type ' || device.kit_type",
        condition=f"device.kit_type NOT IN ({kits})",
    )
    return enlisted + execute(left_out, [deployment.number, moment(now), *parameters])


def _summary(deployment: Deployment, plan: KitPlan) -> dict[str, object]:
    return {
        "versions": dict(plan.versions),
        "devices": deployment.size,
        "job_type": plan.job_type,
        "in_flight_limit": deployment.in_flight_limit,
        "expires_at": deployment.expires_at and deployment.expires_at.isoformat(),
    }
