"""Texts by key that people attach to releases and to software modules.

Source: hawkBit, metadata of distribution sets and of software modules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from artifacts import modules, releases
from artifacts.models import Release, SoftwareModule
from artifacts.module_reach import require_for_module
from artifacts.reach import require_for
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.declared import check_text
from fleet.errors import Conflict, LimitReached, NotFound

LONGEST_KEY, LONGEST_VALUE, MOST = 128, 4000, 100
CHANGE = "artifacts.change_release"

Owner = Release | SoftwareModule


@dataclass(frozen=True, slots=True)
class Entry:
    """`is_visible` says whether devices are told, which only those of modules may be."""

    key: str
    value: str
    is_visible: bool = False


def entries_of(owner: Owner) -> list[Entry]:
    """By their keys."""
    if isinstance(owner, Release):
        return [Entry(key, value) for key, value in sorted(owner.metadata.items())]
    kept = sorted(owner.metadata.items())
    return [Entry(key, each["value"], each["is_visible"]) for key, each in kept]


def entry_of(owner: Owner, key: str) -> Entry:
    """Raises NotFound("metadata_not_found")."""
    for entry in entries_of(owner):
        if entry.key == key:
            return entry
    raise NotFound("metadata_not_found", f"There is no metadata with the key {key}.")


@transaction.atomic
def add_entries(*, actor: Actor, owner: Owner, entries: Iterable[Entry]) -> None:
    """Add all of them, or none.

    Raises Invalid("text_invalid"), Conflict("metadata_exists"), LimitReached("too_much_metadata").
    """
    current = _locked(actor, owner)
    added = list(entries)
    for entry in added:
        _check(entry)
        if entry.key in current.metadata:
            message = f"Metadata entry with key '{entry.key}' already exists"
            raise Conflict("metadata_exists", message, field="key")
        current.metadata[entry.key] = _kept(current, entry)
    if len(current.metadata) > MOST:
        raise LimitReached("too_much_metadata", f"There are at most {MOST} metadata entries")
    _save(actor, current, {entry.key: [None, entry.value] for entry in added})


@transaction.atomic
def change_entry(
    *, actor: Actor, owner: Owner, key: str, value: str | None, is_visible: bool | None = None
) -> Entry:
    """Change what is given. Raises Invalid("text_invalid"), NotFound("metadata_not_found")."""
    current = _locked(actor, owner)
    before = entry_of(current, key)
    after = Entry(
        key,
        before.value if value is None else value,
        before.is_visible if is_visible is None else is_visible,
    )
    _check(after)
    if after != before:
        current.metadata[key] = _kept(current, after)
        _save(actor, current, {key: [before.value, after.value]})
    return after


@transaction.atomic
def remove_entry(*, actor: Actor, owner: Owner, key: str) -> None:
    """Raises NotFound("metadata_not_found")."""
    current = _locked(actor, owner)
    before = entry_of(current, key)
    del current.metadata[key]
    _save(actor, current, {key: [before.value, None]})


def _locked(actor: Actor, owner: Owner) -> Owner:
    if isinstance(owner, Release):
        require_for(actor, CHANGE, owner.pk)
        return releases.lock_release(owner.pk)
    require_for_module(actor, CHANGE, owner)
    return modules.lock_module(owner.pk)


def _kept(owner: Owner, entry: Entry) -> Any:
    if isinstance(owner, Release):
        return entry.value
    return {"value": entry.value, "is_visible": entry.is_visible}


def _save(actor: Actor, owner: Owner, change: Mapping[str, Any]) -> None:
    if isinstance(owner, Release):
        releases.touch(owner, actor)
        owner.save(update_fields=["metadata", "modified_at", "modified_by"])
        subject = releases.subject(owner)
    else:
        modules.touch(owner, actor, "metadata")
        subject = modules.subject(owner)
    record(actor, Action.UPDATE, subject, {"metadata": change})


def _check(entry: Entry) -> None:
    check_text("key", entry.key, LONGEST_KEY, least=1)
    check_text("value", entry.value, LONGEST_VALUE)
