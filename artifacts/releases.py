"""Holding a release still, and its own few properties."""

from django.db import transaction
from django.utils import timezone

from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid, NotFound
from fleet.permissions import require

MAX_NOTES = 1024


def lock_release(release_id: int) -> Release:
    """The release of this number: until the transaction ends, nobody adds or deletes artifacts.

    Raises NotFound if the last artifact, and with it the release, has gone.
    """
    release = Release.objects.select_for_update(no_key=True).filter(pk=release_id).first()
    if release is None:
        raise NotFound("release_not_found", "There is no such release.")
    return release


@transaction.atomic
def set_notes(*, actor: Actor, release: Release, notes: str) -> None:
    """Raises Invalid("too_long") above 1024 characters, NotFound."""
    require(actor, "artifacts.change_release")
    if len(notes) > MAX_NOTES or "\0" in notes:
        raise Invalid("too_long", f"Notes have at most {MAX_NOTES} characters.", field="notes")
    current = lock_release(release.pk)
    Release.objects.filter(pk=release.pk).update(notes=notes, modified_at=timezone.now())
    subject = Subject("release", current.id, current.name)
    record(actor, Action.UPDATE, subject, {"notes": [current.notes, notes]})
