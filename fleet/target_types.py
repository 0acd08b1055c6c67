"""Kinds of devices that people declare (hawkBit: target types)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.declared import check_text
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.models import Device, Organization, TargetType
from fleet.permissions import require

PERMISSION = "fleet.change_device"
MOST = 1000
KEY_LENGTH, NAME_LENGTH = 64, 128


@dataclass(frozen=True, slots=True)
class NewType:
    """What a type is declared with; without a `key` its name is the key."""

    name: str
    key: str = ""
    description: str = ""
    colour: str = ""


def types_of(organization: Organization) -> QuerySet[TargetType]:
    return TargetType.objects.filter(organization=organization)


@transaction.atomic
def declare_types(
    *, actor: Actor, organization: Organization, types: Sequence[NewType]
) -> list[TargetType]:
    """Declare all of them, or none.

    Raises Invalid("text_invalid", "target_type_unnamed"), Conflict("target_type_exists") for
    a key or name that is taken, LimitReached("too_many_target_types") above 1,000.
    """
    require(actor, PERMISSION)
    rows = [_row(actor, organization, each) for each in types]
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if rows and types_of(organization).count() + len(rows) > MOST:
        raise LimitReached("too_many_target_types", f"There are at most {MOST:,} target types.")
    for row in rows:
        _save(row)
        record(actor, Action.CREATE, _subject(row), {"key": row.key})
    return rows


@transaction.atomic
def change_type(
    *,
    actor: Actor,
    target_type: TargetType,
    name: str | None = None,
    key: str | None = None,
    description: str | None = None,
    colour: str | None = None,
) -> TargetType:
    """Change what is given. Raises as `declare_types`, and NotFound("target_type_not_found")."""
    require(actor, PERMISSION)
    row = _locked(target_type)
    given = {"name": name, "key": key, "description": description, "colour": colour}
    change = {
        field: value
        for field, value in given.items()
        if value is not None and value != getattr(row, field)
    }
    for field, value in change.items():
        setattr(row, field, value)
    _check(row)
    row.modified_at, row.modified_by = timezone.now(), actor.name[:512]
    _save(row)
    if change:
        record(actor, Action.UPDATE, _subject(row), change)
    return row


@transaction.atomic
def delete_type(*, actor: Actor, target_type: TargetType) -> None:
    """Raises Conflict("target_type_used") while devices are of it, NotFound."""
    require(actor, PERMISSION)
    row = _locked(target_type)
    if Device.objects.filter(target_type=row).exists():
        raise Conflict("target_type_used", "Target type is still in use by a target.")
    subject = _subject(row)
    row.delete()
    record(actor, Action.DELETE, subject)


def _row(actor: Actor, organization: Organization, new: NewType) -> TargetType:
    if not (new.name or new.key):
        raise Invalid("target_type_unnamed", "A target type has a key or a name.", field="name")
    now, name = timezone.now(), actor.name[:512]
    row = TargetType(
        organization=organization,
        key=new.key or new.name[:KEY_LENGTH],
        name=new.name or new.key,
        description=new.description,
        colour=new.colour,
        created_at=now,
        created_by=name,
        modified_at=now,
        modified_by=name,
    )
    return _check(row)


def _check(row: TargetType) -> TargetType:
    lengths = {"key": KEY_LENGTH, "name": NAME_LENGTH, "description": 512, "colour": 16}
    for field, most in lengths.items():
        least = 1 if field in {"key", "name"} else 0
        check_text(field, getattr(row, field), most, least=least)
    return row


def _save(row: TargetType) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        text = "There is a target type of this key or name already."
        raise Conflict("target_type_exists", text, field="name") from error


def _locked(target_type: TargetType) -> TargetType:
    row = TargetType.objects.select_for_update().filter(pk=target_type.pk).first()
    if row is None:
        raise NotFound("target_type_not_found", "There is no such target type.")
    return row


def _subject(row: TargetType) -> Subject:
    return Subject("target_type", str(row.pk), row.name)
