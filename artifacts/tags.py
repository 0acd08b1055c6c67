"""Words on releases: to find them by, and to say whose they are."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from artifacts.models import Release, ReleaseTag
from artifacts.releases import lock_release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid
from fleet.models import Organization, Tag
from fleet.permissions import require
from fleet.tag_catalogue import note_tags

MAX_PER_RELEASE = 20
MAX_PER_ORGANIZATION = 100
MAX_LENGTH = ReleaseTag._meta.get_field("name").max_length or 0
_TAG = re.compile(r"[a-z0-9_.-]+")


@transaction.atomic
def set_tags(*, actor: Actor, release: Release, tags: Iterable[str]) -> None:
    """Replace the tags of a release: lower case, each once, in whatever order.

    Whoever holds the permission for some tags only may not: it would move their bounds. Raises
    Invalid ("too_many_tags" above 20, "invalid_tag"), Conflict("too_many_tags_in_use") above 100
    different ones in the organization, NotFound. (Mender API, Deployments v2: release tags.)
    """
    require(actor, "artifacts.change_release")
    wanted = normal_tags(tags)
    # One at a time, or two could add the hundredth.
    Organization.objects.select_for_update(no_key=True).get(pk=release.organization_id)
    current = lock_release(release.pk)
    before = sorted(current.tags.values_list("name", flat=True))
    if before == wanted:
        return
    current.tags.exclude(name__in=wanted).delete()
    fresh = [name for name in wanted if name not in before]
    ReleaseTag.objects.bulk_create(ReleaseTag(release=current, name=name) for name in fresh)
    require_few(release.organization_id)
    note_tags(actor, release.organization_id, Tag.Kind.RELEASE, fresh)
    Release.objects.filter(pk=release.pk).update(modified_at=timezone.now())
    subject = Subject("release", current.id, current.name)
    record(actor, Action.UPDATE, subject, {"tags": [before, wanted]})


def normal_tags(tags: Iterable[str]) -> list[str]:
    """As they are kept: lower case, each once, sorted. Raises Invalid as `set_tags` does."""
    wanted = sorted({tag.lower() for tag in tags})
    if len(wanted) > MAX_PER_RELEASE:
        raise Invalid(
            "too_many_tags", f"A release has at most {MAX_PER_RELEASE} tags.", field="tags"
        )
    for tag in wanted:
        if not _TAG.fullmatch(tag) or len(tag) > MAX_LENGTH:
            raise Invalid(
                "invalid_tag",
                f"A tag has 1 to {MAX_LENGTH} letters, digits, points, hyphens and underscores.",
                field="tags",
            )
    return wanted


def require_few(organization_id: UUID) -> None:
    """Raises Conflict("too_many_tags_in_use") above 100 different ones in the organization."""
    tags = ReleaseTag.objects.filter(release__organization=organization_id)
    if tags.order_by().values("name").distinct().count() > MAX_PER_ORGANIZATION:
        raise Conflict(
            "too_many_tags_in_use",
            f"The releases have {MAX_PER_ORGANIZATION} different tags already.",
            field="tags",
        )
