"""Which kinds of devices take which types of releases, as far as people declare it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from artifacts.models import ReleaseType
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid, NotFound
from fleet.models import TargetType
from fleet.permissions import require

PERMISSION = "fleet.change_device"
MOST = 50


def compatible_with(target_type: TargetType) -> QuerySet[ReleaseType]:
    """Those it takes; none means that it takes any."""
    return ReleaseType.objects.filter(target_types=target_type, deleted_at=None)


@transaction.atomic
def allow(*, actor: Actor, target_type: TargetType, release_types: Iterable[int]) -> None:
    """Let devices of the type take releases of these types, given by their numbers, too.

    Raises NotFound("release_type_not_found") for one of them and then allows none,
    Invalid("too_many_release_types") above 50.
    """
    require(actor, PERMISSION)
    wanted = set(release_types)
    _require_few(len(wanted))
    mine = ReleaseType.objects.filter(organization=target_type.organization_id, deleted_at=None)
    found = mine.in_bulk(wanted)
    if missing := sorted(wanted - found.keys()):
        raise _not_found(missing[0])
    TargetType.objects.select_for_update().get(pk=target_type.pk)
    target_type.release_types.add(*found.values())
    _require_few(target_type.release_types.count())
    _record(actor, target_type, {"allowed": sorted(wanted)})


@transaction.atomic
def disallow(*, actor: Actor, target_type: TargetType, release_type: int) -> None:
    """Raises NotFound("release_type_not_found") for one that it does not take."""
    require(actor, PERMISSION)
    found = compatible_with(target_type).filter(pk=release_type).first()
    if found is None:
        raise _not_found(release_type)
    target_type.release_types.remove(found)
    _record(actor, target_type, {"disallowed": release_type})


def _require_few(count: int) -> None:
    if count > MOST:
        text = f"A target type takes at most {MOST} types of releases."
        raise Invalid("too_many_release_types", text, field="compatibledistributionsettypes")


def _not_found(number: int) -> NotFound:
    return NotFound("release_type_not_found", f"There is no release type {number}.")


def _record(actor: Actor, target_type: TargetType, change: dict[str, object]) -> None:
    subject = Subject("target_type", str(target_type.pk), target_type.name)
    record(actor, Action.UPDATE, subject, change)
