"""Tags of the catalogue on releases: put on several, taken off several, renamed, deleted."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from artifacts.models import Release, ReleaseTag
from artifacts.tags import MAX_PER_RELEASE, normal_tags, require_few
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record_many
from fleet.errors import Invalid, NotFound
from fleet.models import Organization, Tag
from fleet.permissions import require
from fleet.tag_catalogue import NewTag, change_tag, declare_tags, forget_tag, note_tags

PERMISSION = "artifacts.change_release"


def declare_release_tags(
    *, actor: Actor, organization: Organization, tags: Iterable[NewTag]
) -> list[Tag]:
    """As `declare_tags`; names are kept in lower case. Raises Invalid("invalid_tag") as well."""
    kept = [NewTag(normal_tags([new.name])[0], new.description, new.colour) for new in tags]
    return declare_tags(actor=actor, organization=organization, kind=Tag.Kind.RELEASE, tags=kept)


@transaction.atomic
def tag_releases(
    *, actor: Actor, organization: Organization, tag: Tag, releases: Iterable[int], is_on: bool
) -> None:
    """Put the tag on the releases, by their numbers, or take it off.

    Who may change only releases with some tags may not: it would move their bounds. Raises
    NotFound("release_not_found"), Invalid("too_many_tags"), Conflict("too_many_tags_in_use"): then
    none has changed.
    """
    require(actor, PERMISSION)
    wanted = set(releases)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    rows = Release.objects.of(organization).filter(pk__in=wanted)
    found = list(rows.order_by("pk").select_for_update(no_key=True))
    if len(found) < len(wanted):
        raise NotFound("release_not_found", "There is no such release.")
    having = ReleaseTag.objects.filter(release__in=found, name=tag.name)
    tagged = set(having.values_list("release_id", flat=True))
    changing = [release for release in found if (release.pk in tagged) is not is_on]
    if is_on:
        ReleaseTag.objects.bulk_create(ReleaseTag(release=row, name=tag.name) for row in changing)
        _require_room(changing)
        require_few(organization.pk)
        note_tags(actor, organization.pk, Tag.Kind.RELEASE, [tag.name])
    else:
        having.delete()
    Release.objects.filter(pk__in=[row.pk for row in changing]).update(modified_at=timezone.now())
    subjects = [Subject("release", row.id, row.name) for row in changing]
    record_many(actor, Action.UPDATE, subjects, {"tag" if is_on else "untagged": tag.name})


@transaction.atomic
def change_release_tag(*, actor: Actor, tag: Tag, change: dict[str, str]) -> Tag:
    """Change what is given of name, description and colour; releases get the new name."""
    if "name" in change:
        change = change | {"name": normal_tags([change["name"]])[0]}
    before = Tag.objects.filter(pk=tag.pk).values_list("name", flat=True).first()
    row = change_tag(actor, tag, change)
    if before is not None and row.name != before:
        mine = ReleaseTag.objects.filter(release__organization=row.organization_id)
        both = mine.filter(name=row.name).values("release")
        mine.filter(name=before, release__in=both).delete()
        _touch(mine.filter(name=before))
        mine.filter(name=before).update(name=row.name)
    return row


@transaction.atomic
def delete_release_tag(*, actor: Actor, tag: Tag) -> None:
    """Take it off all releases and forget it. Raises NotFound("tag_not_found")."""
    row = forget_tag(actor, tag)
    having = ReleaseTag.objects.filter(release__organization=row.organization_id, name=row.name)
    _touch(having)
    having.delete()


def _touch(having: QuerySet[ReleaseTag]) -> None:
    releases = Release.objects.filter(pk__in=having.values("release"))
    releases.update(modified_at=timezone.now())


def _require_room(releases: Iterable[Release]) -> None:
    counted = ReleaseTag.objects.filter(release__in=releases).order_by().values("release")
    if counted.annotate(count=Count("pk")).filter(count__gt=MAX_PER_RELEASE).exists():
        text = f"A release has at most {MAX_PER_RELEASE} tags."
        raise Invalid("too_many_tags", text, field="tags")
