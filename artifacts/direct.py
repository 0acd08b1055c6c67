"""An artifact that comes as the whole body of a request to a signed link, and is read later."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from artifacts.models import Artifact, PendingUpload
from artifacts.operations import add_artifact
from artifacts.pending import actor_of, ask_for_job
from artifacts.quotas import require_storage
from artifacts.storage import Incoming, Stored
from auditlog.actor import Actor
from fleet.errors import Conflict, NotFound
from fleet.models import Organization
from fleet.permissions import require_somewhere
from jobs.models import Job

TAKE_IN = "artifacts.take_in"
LINK_LIFETIME = timedelta(minutes=15)
# A slow sender may take this long, and between the file and its completion as much may pass.
PATIENCE = timedelta(days=1)


def announce(*, actor: Actor, organization: Organization) -> PendingUpload:
    """Make room for a file that is about to come; its id will be the artifact's."""
    require_somewhere(actor, "artifacts.add_artifact")
    return PendingUpload.objects.create(
        organization=organization,
        purpose=PendingUpload.Purpose.DIRECT,
        expires_at=timezone.now() + LINK_LIFETIME + PATIENCE,
    )


def awaited(upload_id: UUID) -> PendingUpload:
    """The upload whose file has not come yet; raises NotFound, Conflict("upload_received")."""
    uploads = _open().select_related("organization")
    upload = uploads.filter(pk=upload_id).first()
    if upload is None:
        raise NotFound("upload_not_found", "There is no such upload any more.")
    if upload.file:
        raise _received()
    return upload


def receive(*, upload: PendingUpload, incoming: Incoming) -> None:
    """Give the upload its file. Of two that come at once the first stays.

    Not inside a transaction. The file is deleted, whatever is raised: Conflict
    ("upload_received"), LimitReached("storage_quota").
    """
    with incoming.kept_with_its_row():
        incoming.sync()
        with transaction.atomic(durable=True):
            require_storage(upload.organization_id, incoming.size)
            is_first = (
                _open()
                .filter(pk=upload.pk, file="")
                .update(
                    file=incoming.file,
                    size=incoming.size,
                    facts={
                        "sha256": incoming.sha256,
                        "sha1": incoming.sha1,
                        "md5": incoming.md5,
                    },
                    expires_at=timezone.now() + PATIENCE,
                )
            )
            if not is_first:
                raise _received()


@transaction.atomic
def complete(*, actor: Actor, organization: Organization, upload_id: UUID) -> Job:
    """Have the file read and added, in the job that is returned.

    Raises NotFound if there is none, Conflict("upload_completed") the second time.
    """
    require_somewhere(actor, "artifacts.add_artifact")
    uploads = _open().filter(organization=organization).select_for_update()
    upload = uploads.filter(pk=upload_id).first()
    is_there = Artifact.objects.of(organization).filter(id=upload_id).exists()
    if is_there or (upload and "job" in upload.facts):
        raise Conflict("upload_completed", "The upload is complete already.")
    if upload is None or not upload.file:
        raise NotFound("upload_not_found", "artifact file not found")
    job = ask_for_job(TAKE_IN, actor=actor, upload=upload)
    upload.save(update_fields=["facts"])
    return job


def take_in(upload: PendingUpload) -> Artifact:
    """Make it an artifact as the person who asked; raises as `add_artifact` does."""
    return add_artifact(actor=actor_of(upload), incoming=Stored.of(upload), upload=upload)


def _open() -> QuerySet[PendingUpload]:
    direct = PendingUpload.objects.filter(purpose=PendingUpload.Purpose.DIRECT)
    return direct.filter(expires_at__gt=timezone.now())


def _received() -> Conflict:
    return Conflict("upload_received", "A file has come by this link already.")
