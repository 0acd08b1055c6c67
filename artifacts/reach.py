"""Which releases a permission reaches: all of the organization, or those with some tags."""

from artifacts.models import Release, ReleaseQuerySet
from auditlog.actor import Actor, ActorKind
from fleet.models import Organization
from fleet.permissions import lacking


def releases_within(actor: Actor, permission: str, organization: Organization) -> ReleaseQuerySet:
    """The releases for which the actor holds the permission; raises Forbidden if for none."""
    releases = Release.objects.of(organization)
    if actor.kind == ActorKind.SYSTEM or actor.may(permission):
        return releases
    if not actor.may_somewhere(permission):
        raise lacking(actor, permission)
    tagged = Release.objects.filter(tags__name__in=actor.scoped[permission]).values("number")
    return releases.filter(number__in=tagged)
