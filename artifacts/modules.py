"""What people do to software modules: make them, describe them, delete them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts import storage
from artifacts.models import ModuleType, Release, SoftwareModule
from artifacts.module_reach import require_for_module
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.declared import check_text
from fleet.errors import Conflict, NotFound
from fleet.models import Organization
from fleet.permissions import require

LONGEST_NAME, LONGEST_VERSION, LONGEST_VENDOR, LONGEST_DESCRIPTION = 128, 64, 256, 512


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFacts:
    """What a new module is; `type` is the key of its type."""

    name: str
    version: str
    type: str
    vendor: str = ""
    description: str = ""
    is_encrypted: bool = False


@transaction.atomic
def create_module(
    *, actor: Actor, organization: Organization, facts: ModuleFacts
) -> SoftwareModule:
    """Make a module without files.

    Raises Invalid("text_invalid"), NotFound("module_type_not_found"), Conflict("module_exists").
    """
    require(actor, "artifacts.add_artifact")
    check_text("name", facts.name, LONGEST_NAME, least=1)
    check_text("version", facts.version, LONGEST_VERSION, least=1)
    _check(facts.vendor, facts.description)
    now, by = timezone.now(), actor.name[:512]
    module = SoftwareModule(
        organization=organization,
        type=module_type_called(organization.pk, facts.type),
        name=facts.name,
        version=facts.version,
        vendor=facts.vendor,
        description=facts.description,
        is_encrypted=facts.is_encrypted,
        created_at=now,
        created_by=by,
        modified_at=now,
        modified_by=by,
    )
    try:
        with transaction.atomic():
            module.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "module_exists", f"There is a module {module} of this type already.", field="name"
        ) from error
    record(actor, Action.CREATE, subject(module), {"type": facts.type})
    return module


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleChange:
    """What is to become of a module; None leaves it as it is."""

    vendor: str | None = None
    description: str | None = None
    is_locked: bool | None = None


@transaction.atomic
def change_module(*, actor: Actor, module: SoftwareModule, change: ModuleChange) -> SoftwareModule:
    """Change what is given. Raises Invalid("text_invalid"), NotFound."""
    require_for_module(actor, "artifacts.change_release", module)
    current = lock_module(module.pk)
    changes = {
        name: [getattr(current, name), value]
        for name in ModuleChange.__slots__
        if (value := getattr(change, name)) is not None and value != getattr(current, name)
    }
    if changes:
        _check(change.vendor or "", change.description or "")
        for name, (_, value) in changes.items():
            setattr(current, name, value)
        touch(current, actor, *changes)
        record(actor, Action.UPDATE, subject(current), changes)
    return current


@transaction.atomic
def delete_module(*, actor: Actor, module: SoftwareModule) -> None:
    """Delete it and its files; while a release has it, people only see it no more.

    Raises NotFound, Conflict("module_fixed") for an artifact, which goes by its own operation.
    """
    require_for_module(actor, "artifacts.delete_artifact", module)
    current = lock_module(module.pk)
    require_own_files(current)
    record(actor, Action.DELETE, subject(current))
    if Release.objects.filter(modules=current).exists():
        current.deleted_at = timezone.now()
        touch(current, actor, "deleted_at")
        return
    remove_after_commit(current.files.values_list("file", flat=True))
    current.delete()


def drop_unused(numbers: Iterable[int]) -> None:
    """Let go of the deleted ones among them that no release has any more, and of their files."""
    deleted = SoftwareModule.objects.filter(pk__in=list(numbers), deleted_at__isnull=False)
    for module in deleted.filter(releases__isnull=True):
        remove_after_commit(module.files.values_list("file", flat=True))
        module.delete()


def lock_module(number: int) -> SoftwareModule:
    """The row as it is now, until the transaction ends; raises NotFound("module_not_found")."""
    rows = SoftwareModule.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("type").filter(pk=number, deleted_at__isnull=True).first()
    if found is None:
        raise NotFound("module_not_found", f"There is no module {number}.")
    return found


def require_own_files(module: SoftwareModule) -> None:
    """Raises Conflict("module_fixed") for one that is a Mender artifact."""
    if module.artifact_id is not None:
        raise Conflict("module_fixed", "This module is a Mender artifact, and stays what that is.")


def module_type_called(organization_id: UUID, key: str) -> ModuleType:
    """Raises NotFound("module_type_not_found")."""
    types = ModuleType.objects.filter(organization=organization_id, deleted_at__isnull=True)
    found = types.filter(key=key).first()
    if found is None:
        raise NotFound("module_type_not_found", f"There is no type {key}.", field="type")
    return found


def remove_after_commit(files: Iterable[str]) -> None:
    for file in list(files):
        transaction.on_commit(partial(storage.remove, file))


def touch(module: SoftwareModule, actor: Actor, *changed: str) -> None:
    """Save what was changed, with who did it and when."""
    module.modified_at, module.modified_by = timezone.now(), actor.name[:512]
    module.save(update_fields=[*changed, "modified_at", "modified_by"])


def subject(module: SoftwareModule) -> Subject:
    return Subject("software_module", str(module.pk), str(module))


def _check(vendor: str, description: str) -> None:
    check_text("vendor", vendor, LONGEST_VENDOR)
    check_text("description", description, LONGEST_DESCRIPTION)
