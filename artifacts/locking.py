"""What has been assigned stays as it is (hawkBit: implicit lock)."""

from artifacts.models import Release, SoftwareModule
from fleet.models import Organization
from fleet.policies import policies_of


def lock_if_wanted(release: Release, organization: Organization) -> None:
    """Lock the release and its modules, unless the organization does without; idempotent."""
    if release.is_locked or not policies_of(organization).implicit_lock_enabled:
        return
    release.is_locked = True
    Release.objects.filter(pk=release.pk).update(is_locked=True)
    SoftwareModule.objects.filter(releases=release, is_locked=False).update(is_locked=True)
