"""Which modules the releases of a type are made of."""

from collections.abc import Collection
from enum import StrEnum

from django.db import transaction

from artifacts.models import ModuleType, ReleaseType
from artifacts.types import TypeFacts, lock_type, made, subject, touch
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.errors import Conflict, LimitReached, NotFound
from fleet.models import Organization
from fleet.permissions import require

MOST_PARTS = 50
BEYOND = 2**31  # no number of a row is as large


class Need(StrEnum):
    """Whether a release has to have modules of a type, or may."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"


@transaction.atomic
def create_release_type(
    *,
    actor: Actor,
    organization: Organization,
    facts: TypeFacts,
    mandatory: Collection[int] = (),
    optional: Collection[int] = (),
) -> ReleaseType:
    """Raises Invalid("text_invalid"), Conflict("type_exists"), NotFound("module_type_not_found"),
    LimitReached("too_many_module_types")."""
    require(actor, "artifacts.add_artifact")
    row = made(ReleaseType(organization=organization), actor, facts)
    _require_few(len({*mandatory, *optional}))
    row.mandatory.set([_numbered(organization, number) for number in mandatory])
    # What is mandatory need not be optional too.
    row.optional.set([_numbered(organization, number) for number in {*optional} - {*mandatory}])
    return row


@transaction.atomic
def add_part(*, actor: Actor, row: ReleaseType, number: int, need: Need) -> None:
    """Have releases of this type take modules of that type: it moves there from the other list.

    Raises NotFound, Conflict("release_type_used") once there is a release of this type,
    LimitReached("too_many_module_types").
    """
    current = _changeable(actor, row)
    part = _numbered(current.organization, number)
    _drop(current, part)
    getattr(current, need).add(part)
    _require_few(current.mandatory.count() + current.optional.count())
    _note(actor, current)


@transaction.atomic
def remove_part(*, actor: Actor, row: ReleaseType, number: int, need: Need) -> None:
    """Have them do without. Raises NotFound where it is not in that list, and as `add_part`."""
    current = _changeable(actor, row)
    part = getattr(current, need).filter(pk=number).first() if 0 < number < BEYOND else None
    if part is None:
        raise _missing(number)
    _drop(current, part)
    _note(actor, current)


def _changeable(actor: Actor, row: ReleaseType) -> ReleaseType:
    require(actor, "artifacts.change_release")
    current = lock_type(row)
    if current.releases.exists():
        raise Conflict("release_type_used", f"There are releases of type {current.key} already.")
    return current


def _numbered(organization: Organization, number: int) -> ModuleType:
    types = ModuleType.objects.filter(organization=organization, deleted_at__isnull=True)
    found = types.filter(pk=number).first() if 0 < number < BEYOND else None
    if found is None:
        raise _missing(number)
    return found


def _missing(number: int) -> NotFound:
    return NotFound(
        "module_type_not_found",
        f"SoftwareModuleType with given identifier {{{number}}} does not exist.",
    )


def _drop(row: ReleaseType, part: ModuleType) -> None:
    row.mandatory.remove(part)
    row.optional.remove(part)


def _require_few(count: int) -> None:
    if count > MOST_PARTS:
        message = f"A type of releases has at most {MOST_PARTS} types of modules"
        raise LimitReached("too_many_module_types", message)


def _note(actor: Actor, row: ReleaseType) -> None:
    touch(row, actor)
    parts = {need.value: sorted(getattr(row, need).values_list("key", flat=True)) for need in Need}
    record(actor, Action.UPDATE, subject(row), parts)
