"""Which devices a rollout is for."""

from django.db.models import Q

from artifacts.models import Release
from auditlog.actor import Actor
from deployments.reach import ADD
from fleet.languages import devices_selected
from fleet.models import Organization, TargetType
from fleet.models.device import DeviceQuerySet
from fleet.permissions import holds
from fleet.reach import devices_within


def devices_for(organization: Organization, query: str, release: Release) -> DeviceQuerySet:
    """The accepted devices that the query selects and whose type takes such a release.

    Raises what reading the query raises.
    """
    return devices_selected(organization, query).accepted().filter(takes(release))


def devices_for_actor(
    actor: Actor, organization: Organization, query: str, release: Release
) -> DeviceQuerySet:
    """Those of them for which the actor may make deployments; raises Forbidden if for none."""
    within = devices_within(actor, ADD, organization)
    devices = devices_for(organization, query, release)
    if holds(actor, ADD):
        return devices
    return devices.filter(number__in=within.order_by().values("number"))


def takes(release: Release) -> Q:
    """What is so of a device that has no type, or one that takes releases of this type."""
    if release.type_id is None:
        return Q()
    types = TargetType.objects.filter(release_types=release.type_id)
    return Q(target_type__isnull=True) | Q(target_type__in=types.values("number"))
