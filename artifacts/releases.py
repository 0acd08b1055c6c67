"""Holding a release still, and its own few properties."""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from artifacts.contents import Facts
from artifacts.default_types import types_of_format
from artifacts.models import Release
from artifacts.reach import require_for
from artifacts.signals import release_hidden, release_use_asked
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid, NotFound

MAX_NOTES = 1024


def lock_release(release_id: int) -> Release:
    """The release of this number: until the transaction ends, nobody adds or deletes artifacts.

    Raises NotFound if the last artifact, and with it the release, has gone.
    """
    there = Release.objects.filter(pk=release_id, deleted_at__isnull=True)
    release = there.select_for_update(no_key=True).first()
    if release is None:
        raise NotFound("release_not_found", "There is no such release.")
    return release


def release_for_artifact(actor: Actor, organization_id: UUID, facts: Facts) -> Release:
    """The release that such an artifact belongs to, made if need be, locked."""
    _, release_type = types_of_format(organization_id, facts.columns["format"])
    by = {"created_by": actor.name[:512], "modified_by": actor.name[:512]}
    releases = Release.objects.of(organization_id)
    # A set that people called so in both is another release, whose name has a colon.
    sets = releases.filter(title=facts.title, version=facts.version).exclude(name=facts.name)
    title = "" if sets.exists() else facts.title
    made = {"title": title, "version": facts.version, "type": release_type, **by}
    while True:
        release, _ = releases.get_or_create(
            name=facts.name, defaults={"organization_id": organization_id, **made}
        )
        # Between the two, whoever deleted its last artifact may have taken the release along.
        with suppress(NotFound):
            return lock_release(release.pk)


def is_in_use(release: Release) -> bool:
    """Whether devices have ever been given it."""
    answers = release_use_asked.send(sender=Release, release=release)
    return any(answer for _, answer in answers)


def touch(release: Release, actor: Actor) -> None:
    """Note who changes it, and when; not saved."""
    release.modified_at, release.modified_by = timezone.now(), actor.name[:512]


def subject(release: Release) -> Subject:
    return Subject("release", release.id, release.name)


def hide(*, actor: Actor, release: Release) -> None:
    """Keep the row, locked by the caller, for what refers to it; people see it no more."""
    release.deleted_at = timezone.now()
    touch(release, actor)
    release.save(update_fields=["deleted_at", "modified_at", "modified_by"])
    release_hidden.send(sender=Release, release=release, actor=actor)
    record(actor, Action.DELETE, subject(release))


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
    record(actor, Action.UPDATE, subject(current), {"notes": [current.notes, notes]})
