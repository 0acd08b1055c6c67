"""Which modules a release has."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction

from artifacts.models import ModuleType, Release, SoftwareModule
from artifacts.modules import drop_unused
from artifacts.reach import require_for
from artifacts.releases import lock_release, subject, touch
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.errors import Conflict, Invalid, LimitReached, NotFound

MOST_MODULES = 100
BEYOND = 2**31  # no number of a row is as large


@transaction.atomic
def assign_modules(*, actor: Actor, release: Release, modules: Collection[int]) -> None:
    """Give the release these modules, by their numbers, too.

    Raises NotFound ("module_not_found", "release_not_found"), Conflict ("release_locked",
    "release_invalidated"), Invalid("module_type_unsupported"), LimitReached("too_many_modules").
    """
    require_for(actor, "artifacts.change_release", release.pk)
    current = _changeable(release)
    before = _numbers(current)
    add_modules(current, modules)
    _note(actor, current, before)


@transaction.atomic
def unassign_module(*, actor: Actor, release: Release, module: int) -> None:
    """Take a module from the release, if it has it. Raises as `assign_modules` does.

    Conflict("module_fixed") where it is an artifact of this release.
    """
    require_for(actor, "artifacts.change_release", release.pk)
    current = _changeable(release)
    found = modules_numbered(current.organization_id, [module], with_deleted=True)[0]
    if found.artifact is not None and found.artifact.release_id == current.pk:
        raise Conflict("module_fixed", "This module is an artifact of the release.")
    before = _numbers(current)
    current.modules.remove(found)
    _note(actor, current, before)
    drop_unused([found.pk])


def add_modules(release: Release, modules: Collection[int]) -> None:
    """Add them, nobody asked; where there are enough of a type, the oldest of it goes."""
    _require_few(set(modules))
    wanted = modules_numbered(release.organization_id, modules)
    if not wanted:
        return
    _require_supported(release, wanted)
    kept = list(release.modules.select_related("type").order_by("number"))
    for module in wanted:
        if module in kept:
            continue
        same = [each for each in kept if each.type_id == module.type_id]
        if len(same) >= module.type.max_assignments:
            kept.remove(same[0])
        kept.append(module)
    _require_few(kept)
    release.modules.set(kept)


def modules_numbered(
    organization_id: UUID, numbers: Iterable[int], *, with_deleted: bool = False
) -> list[SoftwareModule]:
    """These modules, in this order, locked.

    Raises NotFound ("module_not_found", "module_deleted").
    """
    wanted = list(dict.fromkeys(numbers))
    possible = [number for number in wanted if 0 < number < BEYOND]
    rows = SoftwareModule.objects.filter(organization=organization_id, pk__in=possible)
    # Held, so that none of them is deleted meanwhile.
    held = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    found = {module.pk: module for module in held.select_related("type", "artifact")}
    for number in wanted:
        if number not in found:
            raise NotFound(
                "module_not_found",
                f"SoftwareModule with given identifier {{{number}}} does not exist.",
                details={"number": number},
            )
        if found[number].deleted_at is not None and not with_deleted:
            raise NotFound("module_deleted", f"The module {found[number]} has been deleted.")
    return [found[number] for number in wanted]


def _require_supported(release: Release, modules: Iterable[SoftwareModule]) -> None:
    if release.type is None:
        return
    taken = ModuleType.objects.filter(mandatory_in=release.type) | ModuleType.objects.filter(
        optional_in=release.type
    )
    keys = set(taken.values_list("pk", flat=True))
    for module in modules:
        if module.type_id not in keys:
            raise Invalid(
                "module_type_unsupported",
                f"A release of type {release.type.key} takes no modules of type {module.type.key}",
                field="modules",
            )


def _require_few(modules: Collection[object]) -> None:
    if len(modules) > MOST_MODULES:
        message = f"A release has at most {MOST_MODULES} modules"
        raise LimitReached("too_many_modules", message, field="modules")


def _changeable(release: Release) -> Release:
    current = lock_release(release.pk)
    if current.is_locked:
        raise Conflict("release_locked", "The release is locked: it has been assigned.")
    if current.invalidated_at is not None:
        raise Conflict("release_invalidated", "The release has been invalidated.")
    return current


def _numbers(release: Release) -> list[int]:
    return sorted(release.modules.values_list("pk", flat=True))


def _note(actor: Actor, release: Release, before: list[int]) -> None:
    after = _numbers(release)
    if after == before:
        return
    touch(release, actor)
    release.save(update_fields=["modified_at", "modified_by"])
    change = {"modules": [before, after]}
    record(actor, Action.UPDATE, subject(release), change)
