"""Which devices a permission reaches: all of the organization, or those of some groups."""

from auditlog.actor import Actor
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import holds, lacking, require_somewhere


def devices_within(actor: Actor, permission: str, organization: Organization) -> DeviceQuerySet:
    """The devices for which the actor holds the permission; raises Forbidden if for none."""
    devices = Device.objects.of(organization)
    if holds(actor, permission):
        return devices
    require_somewhere(actor, permission)
    return devices.filter(group__in=actor.scoped[permission])


def require_for(actor: Actor, permission: str, device: Device) -> None:
    """Raise Forbidden unless the actor holds the permission for this device."""
    if not holds_for(actor, permission, device):
        raise lacking(actor, permission)


def holds_for(actor: Actor, permission: str, device: Device) -> bool:
    """Whether the actor holds the permission for this device; one in no group is in no bounds."""
    if holds(actor, permission):
        return True
    return bool(device.group) and device.group in actor.scoped.get(permission, frozenset())
