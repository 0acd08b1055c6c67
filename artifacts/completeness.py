"""Whether a release has what its type asks for."""

from artifacts.models import Release, ReleaseQuerySet


def with_parts(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """With what `is_complete` and who tells of a release read, in a fixed number of queries."""
    return releases.select_related("type").prefetch_related("type__mandatory", "modules__type")


def is_complete(release: Release) -> bool:
    """Whether it has a module of each type that its own type makes mandatory."""
    if release.type is None:
        return True
    there = {module.type_id for module in release.modules.all()}
    return all(each.pk in there for each in release.type.mandatory.all())


def is_deployable(release: Release) -> bool:
    """Whether devices could be given it: it has artifacts, or is complete with modules."""
    if release.invalidated_at is not None:
        return False
    if release.artifacts.exists():
        return True
    return release.modules.exists() and is_complete(release)
