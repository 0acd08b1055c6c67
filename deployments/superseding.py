"""What is assigned to a device takes back what it was to install until then.

Source: hawkBit, assignment of distribution sets.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from deployments.cancelling import cancel_rows
from deployments.events import SERVER
from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, Phase
from deployments.standing import has_opened, is_active
from fleet.models import Organization
from fleet.policies import policies_of

OBSOLETE = SERVER + "cancel obsolete action due to new update"


def supersede(
    rows: DeviceDeploymentQuerySet, *, now: datetime, since: datetime | None = None
) -> int:
    """Let `rows`, all of one deployment, take over from what else their devices have open.

    In the caller's transaction, which holds the devices in the order of their numbers. What is
    active ends or is canceling then, unless it brings a migration step, what is only scheduled
    ends; while devices may have several assignments nothing does. What has come after `since` is
    left alone. Returns how many rows that were.
    """
    organization = _organization_of(rows)
    if organization is None:
        return 0
    policies = policies_of(organization)
    if policies.multi_assignment_enabled:
        return 0
    is_step = Q(release__is_migration_step=True) | Q(deployment__release__is_migration_step=True)
    others = _others(rows, since)
    obsolete = others.filter(is_active(), cancel_requested_at__isnull=True).exclude(is_step)
    canceled = cancel_rows(obsolete, now=now, message=OBSOLETE, force=policies.autoclose_enabled)
    return canceled + cancel_scheduled(rows, now=now, since=since)


def cancel_scheduled(
    rows: DeviceDeploymentQuerySet, *, now: datetime, since: datetime | None = None
) -> int:
    """End what waits for a group of another rollout that is under way, as `supersede` does."""
    organization = _organization_of(rows)
    if organization is None or policies_of(organization).multi_assignment_enabled:
        return 0
    begun = Phase.objects.filter(deployment=OuterRef("deployment"), starts_at__lte=now)
    scheduled = _others(rows, since).filter(~has_opened(), Q(Exists(begun)))
    return cancel_rows(scheduled, now=now, message=OBSOLETE)


def _organization_of(rows: DeviceDeploymentQuerySet) -> Organization | None:
    """Whose they are; None where there are none."""
    first = rows.select_related("deployment__organization").first()
    return first.deployment.organization if first else None


def _others(rows: DeviceDeploymentQuerySet, since: datetime | None) -> DeviceDeploymentQuerySet:
    first = rows.values_list("deployment", flat=True)[:1].get()
    devices = list(rows.filter(device__isnull=False).values_list("device", flat=True))
    others = DeviceDeployment.objects.open().filter(device__in=devices).exclude(deployment=first)
    return others if since is None else others.filter(_came_by(since))


def _came_by(since: datetime) -> Q:
    """What is so of a row that was there: those of a rollout come when that is started."""
    of_rollout = Q(deployment__origin=Deployment.Origin.ROLLOUT)
    was_made = Q(enlisted_at__isnull=True, deployment__created_at__lte=since)
    return Q(of_rollout, deployment__start_at__lte=since) | (
        ~of_rollout & (was_made | Q(enlisted_at__lte=since))
    )
