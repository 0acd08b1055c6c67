"""Holding a release still, and its own few properties."""

from django.db import transaction
from django.utils import timezone

from artifacts.models import Release
from artifacts.reach import require_for
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid, NotFound

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
    """Raises Invalid ("too_long" above 1024 characters, "not_text"), NotFound."""
    require_for(actor, "artifacts.change_release", release.pk)
    if "\0" in notes:
        raise Invalid("not_text", "Notes must not contain the NUL character.", field="notes")
    if len(notes) > MAX_NOTES:
        raise Invalid("too_long", f"Notes have at most {MAX_NOTES} characters.", field="notes")
    current = lock_release(release.pk)
    if notes == current.notes:
        return
    Release.objects.filter(pk=release.pk).update(notes=notes, modified_at=timezone.now())
    subject = Subject("release", current.id, current.name)
    record(actor, Action.UPDATE, subject, {"notes": [current.notes, notes]})
