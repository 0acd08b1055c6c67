"""Releases that people put together of software modules (hawkBit: distribution sets)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts.default_types import DEFAULT
from artifacts.models import Release, ReleaseType
from artifacts.parts import add_modules
from artifacts.reach import require_for
from artifacts.releases import lock_release, subject, touch
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.declared import check_text
from fleet.errors import Conflict, NotFound
from fleet.models import Organization
from fleet.permissions import require

LONGEST_TITLE, LONGEST_VERSION, LONGEST_DESCRIPTION = 128, 64, 512


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFacts:
    """What a new set is; `type` is the key of its type, `modules` are numbers."""

    title: str
    version: str
    type: str = DEFAULT
    description: str = ""
    is_migration_step: bool = False
    modules: Collection[int] = ()


@transaction.atomic
def create_set(*, actor: Actor, organization: Organization, facts: SetFacts) -> Release:
    """Make a release called "title:version", of these modules.

    Raises Invalid("text_invalid"), NotFound("release_type_not_found"), Conflict("release_exists"),
    and what `add_modules` raises.
    """
    require(actor, "artifacts.add_artifact")
    _check(facts.title, facts.version, facts.description)
    now = timezone.now()
    release = Release(
        organization=organization,
        name=f"{facts.title}:{facts.version}",
        title=facts.title,
        version=facts.version,
        type=type_called(organization.pk, facts.type),
        description=facts.description,
        is_migration_step=facts.is_migration_step,
        created_at=now,
        created_by=actor.name[:512],
        modified_at=now,
        modified_by=actor.name[:512],
    )
    _save(release, is_new=True)
    add_modules(release, facts.modules)
    record(actor, Action.CREATE, subject(release), {"modules": sorted(facts.modules)})
    return release


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChange:
    """What is to become of a set; None leaves it as it is."""

    title: str | None = None
    version: str | None = None
    description: str | None = None
    is_migration_step: bool | None = None
    is_locked: bool | None = None


@transaction.atomic
def change_set(*, actor: Actor, release: Release, change: SetChange) -> Release:
    """Change what is given. One that is locked keeps its name and whether it is a migration step.

    Raises Invalid("text_invalid"), Conflict ("release_exists", "release_locked", "release_fixed"
    where Mender's artifacts give it its name), NotFound.
    """
    require_for(actor, "artifacts.change_release", release.pk)
    current = lock_release(release.pk)
    changes = {
        name: [getattr(current, name), value]
        for name in SetChange.__slots__
        if (value := getattr(change, name)) is not None and value != getattr(current, name)
    }
    if not changes:
        return current
    _require_changeable(current, changes.keys())
    for name, (_, value) in changes.items():
        setattr(current, name, value)
    if {"title", "version"} & changes.keys():
        current.name = f"{current.title}:{current.version}"
    _check(current.title, current.version, current.description)
    touch(current, actor)
    _save(current)
    record(actor, Action.UPDATE, subject(current), changes)
    return current


def type_called(organization_id: UUID, key: str) -> ReleaseType:
    """Raises NotFound("release_type_not_found")."""
    types = ReleaseType.objects.filter(organization=organization_id, deleted_at__isnull=True)
    found = types.filter(key=key).first()
    if found is None:
        raise NotFound("release_type_not_found", f"There is no type {key}.", field="type")
    return found


def _check(title: str, version: str, description: str) -> None:
    check_text("name", title, LONGEST_TITLE, least=1)
    check_text("version", version, LONGEST_VERSION, least=1)
    check_text("description", description, LONGEST_DESCRIPTION)


def _require_changeable(release: Release, names: Collection[str]) -> None:
    is_renamed = not {"title", "version"}.isdisjoint(names)
    if is_renamed and release.artifacts.exists():
        raise Conflict("release_fixed", "Mender's artifacts give this release its name.")
    # Devices that have it tell it by its name.
    if release.is_locked and (is_renamed or "is_migration_step" in names):
        raise Conflict("release_locked", "The release is locked: it has been assigned.")


def _save(release: Release, *, is_new: bool = False) -> None:
    try:
        with transaction.atomic():
            release.save(force_insert=is_new)
    except IntegrityError as error:
        raise Conflict(
            "release_exists", f"There is a release {release.name} already.", field="name"
        ) from error
