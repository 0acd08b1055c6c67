"""What people do to types of modules and of releases: both have the same few properties.

One that is deleted while in use stays for what refers to it, with its key and name.
"""

import re
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts.models import ModuleType, ReleaseType
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.declared import check_text
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Organization
from fleet.permissions import require

LONGEST_KEY, LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_COLOUR = 64, 128, 512, 16
MOST_ASSIGNMENTS = 2**31 - 1
_KEY = re.compile(r"\S+")

Type = TypeVar("Type", ModuleType, ReleaseType)
_KIND: dict[type[ModuleType | ReleaseType], str] = {
    ModuleType: "module_type",
    ReleaseType: "release_type",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """What a new type is."""

    key: str
    name: str
    description: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChange:
    """What is to become of a type; None leaves it as it is."""

    description: str | None = None
    colour: str | None = None


@transaction.atomic
def create_module_type(
    *, actor: Actor, organization: Organization, facts: TypeFacts, max_assignments: int = 1
) -> ModuleType:
    """Raises Invalid ("text_invalid", "number_invalid"), Conflict("type_exists")."""
    require(actor, "artifacts.add_artifact")
    if not 1 <= max_assignments <= MOST_ASSIGNMENTS:
        message = f"maxAssignments is from 1 to {MOST_ASSIGNMENTS}"
        raise Invalid("number_invalid", message, field="max_assignments")
    return made(
        ModuleType(organization=organization, max_assignments=max_assignments), actor, facts
    )


def made(row: Type, actor: Actor, facts: TypeFacts) -> Type:
    """The new row, saved and noted. Raises Invalid("text_invalid"), Conflict("type_exists")."""
    check_text("key", facts.key, LONGEST_KEY, least=1)
    check_text("name", facts.name, LONGEST_NAME, least=1)
    if not _KEY.fullmatch(facts.key):
        raise Invalid("text_invalid", "key has no blanks", field="key")
    _check(facts.description, facts.colour)
    row.key, row.name = facts.key, facts.name
    row.description, row.colour = facts.description, facts.colour
    row.created_at = row.modified_at = timezone.now()
    row.created_by = row.modified_by = actor.name[:512]
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        message = f"There is a type with the key {facts.key} or the name {facts.name} already."
        raise Conflict("type_exists", message, field="key") from error
    record(actor, Action.CREATE, subject(row), {"key": facts.key})
    return row


@transaction.atomic
def change_type(*, actor: Actor, row: Type, change: TypeChange) -> Type:
    """Change what is given. Raises Invalid("text_invalid"), NotFound."""
    require(actor, "artifacts.change_release")
    current = lock_type(row)
    changes = {
        name: [getattr(current, name), value]
        for name in TypeChange.__slots__
        if (value := getattr(change, name)) is not None and value != getattr(current, name)
    }
    if changes:
        _check(change.description or "", change.colour or "")
        for name, (_, value) in changes.items():
            setattr(current, name, value)
        touch(current, actor, *changes)
        record(actor, Action.UPDATE, subject(current), changes)
    return current


@transaction.atomic
def delete_type(*, actor: Actor, row: Type) -> None:
    """Delete it; while it is in use it only stops being seen and used for anything new."""
    require(actor, "artifacts.delete_release")
    current = lock_type(row, is_going=True)
    record(actor, Action.DELETE, subject(current))
    if _is_used(current):
        current.deleted_at = timezone.now()
        touch(current, actor, "deleted_at")
    else:
        current.delete()


def lock_type(row: Type, *, is_going: bool = False) -> Type:
    """The row as it is now, until the transaction ends; raises NotFound.

    If it is going, nobody commits anything that refers to it meanwhile.
    """
    rows = type(row)._default_manager.select_for_update(no_key=not is_going)
    found = rows.filter(pk=row.pk, deleted_at__isnull=True).first()
    if found is None:
        raise NotFound("type_not_found", f"There is no type {row}.")
    return found


def touch(row: ModuleType | ReleaseType, actor: Actor, *changed: str) -> None:
    """Save what was changed, with who did it and when."""
    row.modified_at, row.modified_by = timezone.now(), actor.name[:512]
    row.save(update_fields=[*changed, "modified_at", "modified_by"])


def subject(row: ModuleType | ReleaseType) -> Subject:
    return Subject(_KIND[type(row)], str(row.pk), row.name)


def _is_used(row: ModuleType | ReleaseType) -> bool:
    if isinstance(row, ModuleType):
        in_types = row.mandatory_in.exists() or row.optional_in.exists()
        return in_types or row.modules.exists()
    return row.releases.exists() or row.target_types.exists()


def _check(description: str, colour: str) -> None:
    check_text("description", description, LONGEST_DESCRIPTION)
    check_text("colour", colour, LONGEST_COLOUR)
