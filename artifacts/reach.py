"""Which releases a permission reaches: all of the organization, or those with some tags."""

from artifacts.models import Artifact, ArtifactQuerySet, Release, ReleaseQuerySet, ReleaseTag
from auditlog.actor import Actor
from fleet.models import Organization
from fleet.permissions import holds, lacking, require_somewhere


def releases_within(
    actor: Actor, permission: str, organization: Organization, *, with_deleted: bool = False
) -> ReleaseQuerySet:
    """The releases for which the actor holds the permission; raises Forbidden if for none."""
    everything = Release.objects.filter(organization=organization)
    releases = everything if with_deleted else Release.objects.of(organization)
    if holds(actor, permission):
        return releases
    require_somewhere(actor, permission)
    tagged = Release.objects.filter(tags__name__in=_tags(actor, permission)).values("number")
    return releases.filter(number__in=tagged)


def artifacts_within(actor: Actor, permission: str, organization: Organization) -> ArtifactQuerySet:
    """The artifacts of those releases; raises Forbidden if there can be none."""
    artifacts = Artifact.objects.of(organization)
    if holds(actor, permission):
        return artifacts
    releases = releases_within(actor, permission, organization)
    return artifacts.filter(release__in=releases.values("number"))


def require_for(actor: Actor, permission: str, release_number: int) -> None:
    """Raise Forbidden unless the actor holds the permission for this release."""
    if not holds_for(actor, permission, release_number):
        raise lacking(actor, permission)


def holds_for(actor: Actor, permission: str, release_number: int) -> bool:
    if holds(actor, permission):
        return True
    tags = ReleaseTag.objects.filter(release=release_number, name__in=_tags(actor, permission))
    return tags.exists()


def _tags(actor: Actor, permission: str) -> set[str]:
    """The bounds of a permission, as tags are kept."""
    return {tag.lower() for tag in actor.scoped.get(permission, frozenset())}
