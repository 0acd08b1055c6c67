"""What the tests of the audit log ask for and write."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from auditlog.actor import Actor
from auditlog.models import Action, AuditEntry
from auditlog.record import Subject, record
from fleet.models import Organization
from tests.api.mender.callers import Person
from tests.make import make_actor

LOGS = "v1/auditlogs/logs"


def entries(admin: Person, query: str = "") -> list[dict[str, Any]]:
    answer = admin.get(f"{LOGS}?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()
    assert answer.headers["X-Total-Count"] == str(len(found))
    return found


def ids(admin: Person, query: str = "") -> list[str]:
    """Of the objects, in order."""
    return [entry["object"]["id"] for entry in entries(admin, query)]


def write(
    organization: Organization,
    object_id: str,
    *,
    actor: Actor | None = None,
    action: Action = Action.DECOMMISSION,
    kind: str = "device",
    name: str = "",
    at: datetime | None = None,
    **change: Any,
) -> None:
    """One entry, of a decommissioned device unless told otherwise."""
    actor = actor or make_actor(organization)
    if at is None:
        record(actor, action, Subject(kind, object_id, name), change)
        return
    AuditEntry.objects.create(
        organization_id=organization.pk,
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        object_kind=kind,
        object_id=object_id,
        object_name=name,
        change=change,
    )


def write_many(organization: Organization, count: int) -> None:
    actor = make_actor(organization)
    for number in range(count):
        kind, action = ("device", Action.REJECT) if number % 2 else ("deployment", Action.CREATE)
        write(organization, f"{number}-{uuid4()}", actor=actor, kind=kind, action=action)
