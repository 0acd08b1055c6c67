"""What people do to artifacts: upload, describe, delete."""

from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.utils import timezone

from artifacts import storage
from artifacts.contents import Facts, facts_of
from artifacts.fitting import claim_fits
from artifacts.models import Artifact, Release
from artifacts.quotas import require_storage
from artifacts.releases import lock_release
from artifacts.signals import artifact_about_to_be_deleted, artifact_about_to_be_described
from artifacts.storage import Incoming
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid, NotFound
from fleet.permissions import require

MAX_DESCRIPTION = 4096


def add_artifact(
    *,
    actor: Actor,
    incoming: Incoming,
    description: str = "",
    artifact_id: UUID | None = None,
) -> Artifact:
    """Read the file that has come in and make it an artifact of the release it names.

    Not inside a transaction. The file is deleted, whatever is raised: Invalid (what the reader
    found wrong, "too_long", "too_many_fits"), Conflict ("artifact_conflict" with
    details["conflict"], "artifact_exists"), LimitReached("storage_quota").
    """
    try:
        require(actor, "artifacts.add_artifact")
        _check_description(description)
        facts = facts_of(incoming)
        incoming.sync()
        artifact = _insert(actor, incoming, facts, description, artifact_id or uuid4())
    except (DatabaseError, InterfaceError):
        # A connection lost in mid-commit leaves it open whether there is a row: the sweep will see.
        incoming.keep()
        raise
    except BaseException:
        incoming.close()
        raise
    incoming.keep()
    return artifact


@transaction.atomic
def describe(*, actor: Actor, artifact: Artifact, description: str) -> None:
    """Change the description. Raises Invalid, NotFound, and what receivers object."""
    require(actor, "artifacts.change_artifact")
    _check_description(description)
    current = _lock(artifact)
    artifact_about_to_be_described.send(sender=Artifact, artifact=current)
    if description == current.description:
        return
    now = timezone.now()
    Artifact.objects.filter(pk=current.pk).update(description=description, modified_at=now)
    Release.objects.filter(pk=current.release_id).update(modified_at=now)
    change = {"description": [current.description, description]}
    record(actor, Action.UPDATE, _subject(current), change)


@transaction.atomic
def delete_artifact(*, actor: Actor, artifact: Artifact) -> None:
    """Delete the artifact, its file once that is committed, and its release if it was the last.

    Raises NotFound, and what receivers object (Conflict, while an active deployment uses it).
    """
    require(actor, "artifacts.delete_artifact")
    current = _lock(artifact)
    _delete(actor, current)
    if current.release.artifacts.exists():
        Release.objects.filter(pk=current.release_id).update(modified_at=timezone.now())
    else:
        current.release.delete()


@transaction.atomic
def delete_release(*, actor: Actor, release: Release) -> None:
    """Delete a release with all its artifacts, or nothing. Raises as `delete_artifact` does."""
    require(actor, "artifacts.delete_release")
    current = lock_release(release.pk)
    for artifact in current.artifacts.select_related("release"):
        _delete(actor, artifact)
    current.delete()


def _delete(actor: Actor, artifact: Artifact) -> None:
    artifact_about_to_be_deleted.send(sender=Artifact, artifact=artifact)
    record(actor, Action.DELETE, _subject(artifact))
    transaction.on_commit(partial(storage.remove, artifact.file))
    artifact.delete()


@transaction.atomic(durable=True)
def _insert(
    actor: Actor, incoming: Incoming, facts: Facts, description: str, artifact_id: UUID
) -> Artifact:
    require_storage(incoming.organization_id, incoming.size)
    release = _release_named(incoming.organization_id, facts.name)
    try:
        with transaction.atomic():
            artifact = Artifact.objects.create(
                id=artifact_id,
                organization_id=incoming.organization_id,
                release=release,
                description=description,
                file=incoming.file,
                size=incoming.size,
                sha256=incoming.sha256,
                **facts.columns,
            )
    except IntegrityError as error:
        raise Conflict("artifact_exists", "There is an artifact with this id already.") from error
    claim_fits(artifact, release, facts.fits)
    Release.objects.filter(pk=release.pk).update(modified_at=artifact.modified_at)
    record(actor, Action.UPLOAD, _subject(artifact), {"sha256": artifact.sha256})
    return artifact


def _release_named(organization_id: UUID, name: str) -> Release:
    """The release of this name, made if need be, locked."""
    while True:
        release, _ = Release.objects.get_or_create(organization_id=organization_id, name=name)
        # Between the two, whoever deleted its last artifact may have taken the release along.
        with suppress(NotFound):
            return lock_release(release.pk)


def _lock(artifact: Artifact) -> Artifact:
    """The row as it is now, its release locked: one change at a time in a release."""
    release = lock_release(artifact.release_id)
    try:
        current = Artifact.objects.get(pk=artifact.pk)
    except Artifact.DoesNotExist as error:
        raise NotFound("artifact_not_found", "There is no such artifact.") from error
    current.release = release
    return current


def _check_description(description: str) -> None:
    if len(description) > MAX_DESCRIPTION or "\0" in description:
        raise Invalid(
            "too_long" if len(description) > MAX_DESCRIPTION else "not_text",
            f"A description has at most {MAX_DESCRIPTION} characters, none of them NUL.",
            field="description",
        )


def _subject(artifact: Artifact) -> Subject:
    return Subject("artifact", artifact.id, artifact.release.name)
