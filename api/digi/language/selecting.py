"""Which jobs a query selects.

What names no device is asked of the job alone. The rest is asked of all devices at once, and the
jobs are those that have one of which it is so: asked job by job, the devices would be read anew for
each. What it asks of the job as well is told by the job's number, so that it is found out once and
not for each of its targets.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.db.models.expressions import Expression
from django.db.models.lookups import In
from django.utils import timezone

from api.digi.language import jobs
from api.digi.language.devices import DeviceFields
from api.digi.language.fields import (
    is_of_device,
    names_device,
    without_device,
)
from api.digi.language.meaning import parse
from deployments.models import Deployment
from deployments.models.deployment import DeploymentQuerySet
from fleet.models import Device, Organization
from query.compiling import Target, compiled
from query.tree import All, Condition, Operator, Some, Unsupported, Value
from query.tree import Field as Path

# Of a device and a job that it is a target of.
_JOB = "device_deployments__deployment"


def jobs_matching(
    organization: Organization, text: str, now: datetime | None = None
) -> DeploymentQuerySet:
    """The organization's jobs that the query selects, all if it is blank; raises QueryError."""
    listed = Deployment.objects.of(organization)
    if not text.strip(" \t\r\n"):
        return listed
    return listed.filter(selecting(organization, parse(text), now or timezone.now()))


def selecting(organization: Organization, condition: Condition, now: datetime) -> Q:
    """What is so of the organization's jobs that the condition selects."""
    return _Selection(organization, DeviceFields(organization, now)).of(condition)


@dataclass(frozen=True, slots=True)
class _Selection:
    organization: Organization
    fields: DeviceFields

    def of(self, condition: Condition) -> Q:
        if not names_device(condition):
            return compiled(condition, jobs.target_of)
        if not isinstance(condition, All | Some):
            return self.some_target(condition)
        combined = type(condition)
        alone = tuple(part for part in condition.parts if not names_device(part))
        rest = tuple(part for part in condition.parts if names_device(part))
        if not alone:
            return self.some_target(condition)
        of_job = compiled(combined(alone), jobs.target_of)
        of_rest = self.of(rest[0] if len(rest) == 1 else combined(rest))
        return of_job & of_rest if combined is All else of_job | of_rest

    def some_target(self, condition: Condition) -> Q:
        """Of a job without targets, what asks nothing of a device may hold all the same."""
        devices = Device.objects.of(self.organization).order_by()
        so = Q(compiled(condition, self.of_target), device_deployments__isnull=False)
        # Distinct, so that PostgreSQL finds them first, whatever it thinks how many they are.
        found = Q(number__in=devices.filter(so).values(_JOB).distinct())
        left = without_device(condition)
        return found if left is None else found | compiled(left, jobs.target_of)

    def of_target(self, path: Path) -> Target:
        if is_of_device(path):
            return self.fields.target_of(path)
        return _OfJob(self.organization, jobs.target_of(path))


class _OfJob:
    """What is so of a job, asked of its targets."""

    def __init__(self, organization: Organization, target: Target) -> None:
        self.organization, self.target = organization, target

    def exists(self) -> Q:
        return self.among(self.target.exists())

    def compare(self, operator: Operator, value: Value) -> Q:
        return self.among(self.target.compare(operator, value))

    def among(self, so: Q) -> Q:
        listed = Deployment.objects.of(self.organization).filter(so).order_by()
        return Q(In(F(_JOB), listed.values("number").query))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Expression | F]:
        raise Unsupported("targets are not sorted by their job")
