"""The only way into the audit log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from auditlog.actor import Actor
from auditlog.models import Action, AuditEntry


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted on, as values: `kind` is "device", "deployment", "artifact", "user" …"""

    kind: str
    id: UUID | str
    name: str


def record(
    actor: Actor, action: Action, subject: Subject, change: Mapping[str, Any] | None = None
) -> None:
    """Write one entry; call it inside the transaction of the change."""
    _entry(actor, action, subject, change).save(force_insert=True)


def record_many(
    actor: Actor,
    action: Action,
    subjects: Iterable[Subject],
    change: Mapping[str, Any] | None = None,
) -> None:
    """Write the same entry for many objects, in batches."""
    record_each(actor, action, ((subject, change or {}) for subject in subjects))


def record_each(
    actor: Actor, action: Action, changes: Iterable[tuple[Subject, Mapping[str, Any]]]
) -> None:
    """Write an entry for each of many objects with its own change, in batches."""
    AuditEntry.objects.bulk_create(
        (_entry(actor, action, subject, change) for subject, change in changes), batch_size=500
    )


def _entry(
    actor: Actor, action: Action, subject: Subject, change: Mapping[str, Any] | None
) -> AuditEntry:
    return AuditEntry(
        organization_id=actor.organization_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:512],
        via=actor.via[:64],
        token=actor.token[:128],
        address=actor.address,
        action=action,
        object_kind=subject.kind,
        object_id=str(subject.id),
        object_name=subject.name[:512],
        change=dict(change or {}),
    )
