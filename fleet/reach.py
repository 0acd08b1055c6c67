"""Which devices a permission reaches: all of the organization, or those of some groups."""

from auditlog.actor import Actor, ActorKind
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import lacking


def devices_within(actor: Actor, permission: str, organization: Organization) -> DeviceQuerySet:
    """The devices for which the actor holds the permission; raises Forbidden if for none."""
    devices = Device.objects.of(organization)
    if actor.kind == ActorKind.SYSTEM or actor.may(permission):
        return devices
    if not actor.may_somewhere(permission):
        raise lacking(actor, permission)
    return devices.filter(group__in=actor.scoped[permission])


def require_for(actor: Actor, permission: str, device: Device) -> None:
    """Raise Forbidden unless the actor holds the permission for this device."""
    if actor.kind == ActorKind.SYSTEM or actor.may(permission):
        return
    if not device.group or device.group not in actor.scoped.get(permission, frozenset()):
        raise lacking(actor, permission)
