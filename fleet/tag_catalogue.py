"""The tags of an organization by name: for devices, and apart from them for releases.

A tag that is put on something for the first time, through whatever dialect, is added here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.declared import check_text
from fleet.errors import Conflict, NotFound
from fleet.models import Organization, Tag
from fleet.permissions import require

PERMISSIONS = {
    Tag.Kind.DEVICE: "fleet.change_device",
    Tag.Kind.RELEASE: "artifacts.change_release",
}
NAME_LENGTH = 256
LENGTHS = {"description": 512, "colour": 16}


@dataclass(frozen=True, slots=True)
class NewTag:
    name: str
    description: str = ""
    colour: str = ""


def tags_of(organization: Organization | UUID, kind: Tag.Kind) -> QuerySet[Tag]:
    return Tag.objects.filter(organization=organization, kind=kind)


def note_tags(actor: Actor, organization_id: UUID, kind: Tag.Kind, names: Iterable[str]) -> None:
    """Add those that are not there yet; a name too long for the catalogue is left out."""
    wanted = {name for name in names if len(name) <= NAME_LENGTH}
    if not wanted:
        return
    known = tags_of(organization_id, kind).filter(name__in=wanted).values_list("name", flat=True)
    missing = sorted(wanted.difference(known))
    rows = [_row(actor, organization_id, kind, NewTag(name)) for name in missing]
    if rows:
        Tag.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def declare_tags(
    *, actor: Actor, organization: Organization, kind: Tag.Kind, tags: Sequence[NewTag]
) -> list[Tag]:
    """Add all of them, or none.

    Raises Invalid("text_invalid"), Conflict("tag_exists") for a name that is taken.
    """
    require(actor, PERMISSIONS[kind])
    rows = [_checked(_row(actor, organization.pk, kind, each)) for each in tags]
    for row in rows:
        save_tag(row)
        record(actor, Action.CREATE, subject(row))
    return rows


def change_tag(actor: Actor, tag: Tag, change: Mapping[str, str]) -> Tag:
    """Give it another name, description or colour, and record what differs.

    Within the transaction of whoever tells those that have it. Raises Invalid("text_invalid"),
    Conflict("tag_exists"), NotFound("tag_not_found").
    """
    require(actor, PERMISSIONS[Tag.Kind(tag.kind)])
    row = locked(tag)
    differing = {name: value for name, value in change.items() if value != getattr(row, name)}
    if differing:
        before = {name: getattr(row, name) for name in differing}
        for name, value in differing.items():
            setattr(row, name, value)
        row.modified_at, row.modified_by = timezone.now(), actor.name[:512]
        save_tag(_checked(row))
        record(actor, Action.UPDATE, subject(row), {"before": before, "after": differing})
    return row


def forget_tag(actor: Actor, tag: Tag) -> Tag:
    """Take it out of the catalogue; whoever has it is the caller's business. Raises NotFound."""
    require(actor, PERMISSIONS[Tag.Kind(tag.kind)])
    row = locked(tag)
    Tag.objects.filter(pk=row.pk).delete()
    record(actor, Action.DELETE, subject(row))
    return row


def locked(tag: Tag) -> Tag:
    row = Tag.objects.select_for_update().filter(pk=tag.pk).first()
    if row is None:
        raise NotFound("tag_not_found", "There is no such tag.")
    return row


def save_tag(row: Tag) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict("tag_exists", f"There is a tag {row.name} already.", field="name") from error


def subject(row: Tag) -> Subject:
    return Subject(f"{row.kind}_tag", str(row.pk), row.name)


def _row(actor: Actor, organization_id: UUID, kind: Tag.Kind, new: NewTag) -> Tag:
    now, author = timezone.now(), actor.name[:512]
    return Tag(
        organization_id=organization_id,
        kind=kind,
        name=new.name,
        description=new.description,
        colour=new.colour,
        created_at=now,
        created_by=author,
        modified_at=now,
        modified_by=author,
    )


def _checked(row: Tag) -> Tag:
    check_text("name", row.name, NAME_LENGTH, least=1)
    for field, most in LENGTHS.items():
        check_text(field, getattr(row, field), most)
    return row
