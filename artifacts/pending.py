"""Uploads that are no artifacts yet: who asked, what is done about them, and how they go."""

from functools import partial
from typing import Any

from django.db import transaction

from artifacts.models import PendingUpload
from artifacts.storage import remove
from auditlog.actor import Actor, ActorKind
from jobs.models import Job
from jobs.queue import enqueue

PERMISSION = "artifacts.add_artifact"


def ask_for_job(kind: str, *, actor: Actor, upload: PendingUpload, name: str = "") -> Job:
    """Enqueue the job that makes an artifact of `upload`, and note both in its facts, unsaved."""
    arguments = {"upload": str(upload.id), "name": name}
    job = enqueue(kind, arguments, organization_id=upload.organization_id, asked_by=actor.id)
    upload.facts = {**upload.facts, "job": str(job.id), "actor": _facts_of(actor)}
    return job


def actor_of(upload: PendingUpload) -> Actor:
    """Who asked for the artifact, with the permission that they had then."""
    known = {**upload.facts["actor"]}
    kind, tags = ActorKind(known.pop("kind")), known.pop("tags")
    return Actor(
        kind=kind,
        organization_id=upload.organization_id,
        permissions=frozenset() if tags else frozenset({PERMISSION}),
        scoped={PERMISSION: frozenset(tags)} if tags else {},
        **known,
    )


def discard(upload: PendingUpload) -> bool:
    """Delete the row as it was read, and its file; False if it changed or went since."""
    same = PendingUpload.objects.filter(pk=upload.pk, expires_at=upload.expires_at)
    with transaction.atomic():
        is_gone = bool(same.delete()[0])
        if is_gone and upload.file:
            transaction.on_commit(partial(remove, upload.file))
    return is_gone


def _facts_of(actor: Actor) -> dict[str, Any]:
    return {
        "kind": str(actor.kind),
        "id": actor.id,
        "name": actor.name,
        "address": actor.address,
        "via": actor.via,
        "token": actor.token,
        "tags": [] if actor.may(PERMISSION) else sorted(actor.scoped.get(PERMISSION, ())),
    }
