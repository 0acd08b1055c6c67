"""What a permission reaches: all of the organization, or the devices of some groups."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from auditlog.actor import Actor
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import holds, lacking, require_somewhere
from jobs.models import Job, JobQuerySet

Row = TypeVar("Row", bound=Model)


def devices_within(actor: Actor, permission: str, organization: Organization) -> DeviceQuerySet:
    """The devices for which the actor holds the permission; raises Forbidden if for none."""
    devices = Device.objects.of(organization)
    if holds(actor, permission):
        return devices
    require_somewhere(actor, permission)
    return devices.filter(group__in=actor.scoped[permission])


def of_devices_within(
    rows: QuerySet[Row], actor: Actor, permission: str, organization: Organization
) -> QuerySet[Row]:
    """Of rows that have a `device`, those of the devices that `devices_within` gives."""
    rows = rows.filter(device__organization=organization)
    if holds(actor, permission):
        return rows
    require_somewhere(actor, permission)
    return rows.filter(device__group__in=actor.scoped[permission])


def require_for(actor: Actor, permission: str, device: Device) -> None:
    """Raise Forbidden unless the actor holds the permission for this device."""
    if not holds_for(actor, permission, device):
        raise lacking(actor, permission)


def holds_for(actor: Actor, permission: str, device: Device) -> bool:
    """Whether the actor holds the permission for this device; one in no group is in no bounds."""
    if holds(actor, permission):
        return True
    return bool(device.group) and device.group in actor.scoped.get(permission, frozenset())


def jobs_within(actor: Actor, organization: Organization) -> JobQuerySet:
    """All of the organization's for who may see jobs, for others those that they asked for."""
    jobs = Job.objects.of(organization.pk)
    return jobs if holds(actor, "jobs.view_job") else jobs.asked_by(actor.id)
