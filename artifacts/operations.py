"""What people do to artifacts: upload, describe, delete."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts import storage
from artifacts.artifact_modules import make_module, require_unshared
from artifacts.contents import Facts, facts_of
from artifacts.fitting import claim_fits
from artifacts.models import Artifact, PendingUpload, Release
from artifacts.quotas import require_storage
from artifacts.reach import require_for
from artifacts.releases import (
    hide,
    is_in_use,
    lock_release,
    release_for_artifact,
    subject,
)
from artifacts.signals import (
    artifact_about_to_be_deleted,
    artifact_about_to_be_described,
    release_about_to_be_deleted,
)
from artifacts.storage import Incoming, Stored
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid, NotFound
from fleet.permissions import require_somewhere

MAX_DESCRIPTION = 4096


def add_artifact(
    *,
    actor: Actor,
    incoming: Incoming | Stored,
    description: str = "",
    artifact_id: UUID | None = None,
    upload: PendingUpload | None = None,
) -> Artifact:
    """Read the file that has come in and make it an artifact of the release it names.

    Not inside a transaction. With `upload` the artifact gets its id and takes its place: that
    row goes in the same transaction. The incoming file is deleted, whatever is raised: Invalid
    (what the reader found wrong, "too_long", "too_many_fits"), Conflict ("artifact_conflict"
    with details["conflict"], "artifact_exists"), NotFound if `upload` has gone,
    LimitReached("storage_quota").
    """
    with incoming.kept_with_its_row():
        require_somewhere(actor, "artifacts.add_artifact")
        check_description(description)
        facts = facts_of(incoming)
        incoming.sync()
        with transaction.atomic(durable=True):
            if upload:
                _take_place_of(upload, incoming)
            artifact_id = upload.id if upload else artifact_id or uuid4()
            return insert(actor, incoming, facts, Row(artifact_id, description=description))


@transaction.atomic
def describe(*, actor: Actor, artifact: Artifact, description: str) -> None:
    """Change the description. Raises Invalid, NotFound, and what receivers object."""
    require_for(actor, "artifacts.change_artifact", artifact.release_id)
    check_description(description)
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
    """Delete the artifact, its file once that is committed, and its release if that was all of it.

    A release that has modules of its own stays. Raises NotFound, Conflict("artifact_in_use") while
    another release has it as a module, and what receivers object (Conflict, while an active
    deployment uses it).
    """
    require_for(actor, "artifacts.delete_artifact", artifact.release_id)
    current = _lock(artifact)
    _delete(actor, current)
    if current.release.artifacts.exists() or current.release.modules.exists():
        Release.objects.filter(pk=current.release_id).update(modified_at=timezone.now())
    else:
        current.release.delete()


@transaction.atomic
def delete_release(*, actor: Actor, release: Release) -> None:
    """Delete a release with all its artifacts, or nothing. Raises as `delete_artifact` does.

    Modules of their own stay; with such, one that devices have been given is hidden only.
    """
    require_for(actor, "artifacts.delete_release", release.pk)
    current = lock_release(release.pk)
    release_about_to_be_deleted.send(sender=Release, release=current)
    artifacts = list(current.artifacts.select_related("release"))
    for artifact in artifacts:
        _delete(actor, artifact)
    if current.modules.exists() and is_in_use(current):
        hide(actor=actor, release=current)
        return
    if not artifacts:
        record(actor, Action.DELETE, subject(current))
    current.delete()


@transaction.atomic
def delete_releases(*, actor: Actor, releases: Iterable[Release]) -> None:
    """Delete all of these, or none: Conflict("release_in_use") with all that is in the way.

    That is the active deployments of any of them, in `details["active_deployments"]`. One that has
    gone in the meantime is as good as deleted.
    """
    in_the_way: set[UUID] = set()
    for release in sorted(releases, key=lambda each: each.pk):
        try:
            with suppress(NotFound):
                delete_release(actor=actor, release=release)
        except Conflict as objection:
            if "deployments" not in objection.details:
                raise
            in_the_way.update(objection.details["deployments"])
    if in_the_way:
        raise Conflict(
            "release_in_use",
            "release(s) used in active deployment",
            details={"active_deployments": [str(each) for each in sorted(in_the_way)]},
        )


def check_description(description: str) -> None:
    """Raises Invalid ("too_long", "not_text")."""
    if len(description) > MAX_DESCRIPTION or "\0" in description:
        raise Invalid(
            "too_long" if len(description) > MAX_DESCRIPTION else "not_text",
            f"A description has at most {MAX_DESCRIPTION} characters, none of them NUL.",
            field="description",
        )


def _delete(actor: Actor, artifact: Artifact) -> None:
    artifact_about_to_be_deleted.send(sender=Artifact, artifact=artifact)
    require_unshared(artifact)
    record(actor, Action.DELETE, _subject(artifact))
    transaction.on_commit(partial(storage.remove, artifact.file))
    artifact.delete()


def _take_place_of(upload: PendingUpload, incoming: Incoming | Stored) -> None:
    if not PendingUpload.objects.filter(pk=upload.pk).delete()[0]:
        raise NotFound("upload_not_found", "There is no such upload any more.")
    if upload.file != incoming.file:
        transaction.on_commit(partial(storage.remove, upload.file))


class Row(NamedTuple):
    """What an artifact is known by; its number is the next one unless it was reserved."""

    id: UUID
    number: int | None = None
    description: str = ""


def insert(actor: Actor, incoming: Incoming | Stored, facts: Facts, row: Row) -> Artifact:
    """Make the row of a file that was read, with its release, module and audit entry.

    In the caller's transaction; raises as `add_artifact` does.
    """
    require_storage(incoming.organization_id, incoming.size)
    release = release_for_artifact(actor, incoming.organization_id, facts)
    require_for(actor, "artifacts.add_artifact", release.pk)
    try:
        with transaction.atomic():
            artifact = Artifact.objects.create(
                **row._asdict(),
                organization_id=incoming.organization_id,
                release=release,
                file=incoming.file,
                size=incoming.size,
                sha256=incoming.sha256,
                sha1=incoming.sha1,
                md5=incoming.md5,
                **facts.columns,
            )
    except IntegrityError as error:
        raise Conflict("artifact_exists", "There is an artifact with this id already.") from error
    claim_fits(artifact, release, facts.fits)
    make_module(artifact, actor)
    Release.objects.filter(pk=release.pk).update(modified_at=artifact.modified_at)
    record(actor, Action.UPLOAD, _subject(artifact), {"sha256": artifact.sha256})
    return artifact


def _lock(artifact: Artifact) -> Artifact:
    """The row as it is now, its release locked: one change at a time in a release."""
    release = lock_release(artifact.release_id)
    try:
        current = Artifact.objects.get(pk=artifact.pk)
    except Artifact.DoesNotExist as error:
        raise NotFound("artifact_not_found", "There is no such artifact.") from error
    current.release = release
    return current


def _subject(artifact: Artifact) -> Subject:
    return Subject("artifact", artifact.id, artifact.release.name)
