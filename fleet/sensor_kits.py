"""Say which types of devices have a sensor kit; the devices follow, in a job."""

from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Invalid
from fleet.kits import KIT_ATTRIBUTE, OS_ATTRIBUTE, kit_type_of, kit_types_of
from fleet.models import Device, KitType, SensorKit
from fleet.permissions import require
from fleet.texts import is_storable
from jobs.lease import save_progress
from jobs.models import Job
from jobs.queue import enqueue

PERMISSION = "fleet.change_organization"
RECOMPUTE = "fleet.recompute_kits"
BATCH = 2000
MOST_TYPES = 1000
LONGEST_TYPE = 256
_FACTS = ("kit_type", "device_types", "product")


@transaction.atomic
def save_kit(*, actor: Actor, kit: SensorKit) -> None:
    """Keep what is said of the kit, new or changed; the devices of its types get it by a job.

    Raises Forbidden, Invalid "sensor_kit_invalid" naming its field.
    """
    require(actor, PERMISSION)
    _check(kit)
    known = SensorKit.objects.select_for_update().filter(pk=kit.pk).first()
    kit.save()
    if known is None:
        change: dict[str, object] = {name: getattr(kit, name) for name in _FACTS}
    else:
        values = ((name, getattr(known, name), getattr(kit, name)) for name in _FACTS)
        change = {name: [before, after] for name, before, after in values if before != after}
    record(actor, Action.UPDATE if known else Action.CREATE, _subject(kit), change)
    _recompute_soon(
        kit.organization_id, {*(known.device_types if known else ()), *kit.device_types}
    )


@transaction.atomic
def remove_kit(*, actor: Actor, kit: SensorKit) -> None:
    """Its devices get the kit that follows from what they say themselves. Raises Forbidden."""
    require(actor, PERMISSION)
    subject, types = _subject(kit), set(kit.device_types)
    kit.delete()
    record(actor, Action.DELETE, subject)
    _recompute_soon(kit.organization_id, types)


def recompute(job: Job) -> None:
    """Do a job of kind RECOMPUTE, from where it was left."""
    after: int | None = (job.result or {"after": 0})["after"]
    while after is not None:
        after = _batch(job, after)


@transaction.atomic
def _batch(job: Job, after: int) -> int | None:
    assert job.organization_id is not None  # noqa: S101 - `_recompute_soon` gives it
    named = kit_types_of(job.organization_id)
    devices = Device.objects.of(job.organization_id).filter(
        device_type__in=job.arguments["device_types"], number__gt=after
    )
    # Who tells of itself meanwhile waits, and has the last word.
    held = devices.order_by("number").select_for_update(no_key=True)
    numbers = list(held.values_list("number", flat=True)[:BATCH])
    told = KeyTransform("inventory", "inventory__attributes")
    rows = Device.objects.filter(number__in=numbers).annotate(
        said=KeyTextTransform(KIT_ATTRIBUTE, told), system=KeyTextTransform(OS_ATTRIBUTE, told)
    )
    found = rows.values_list("number", "kit_type", "device_type", "said", "system").order_by()
    changed: defaultdict[str, list[int]] = defaultdict(list)
    for number, kit_type, device_type, said, system in found:
        known = {KIT_ATTRIBUTE: said or "", OS_ATTRIBUTE: system or ""}
        if (new := kit_type_of(known, device_type, named)) != kit_type:
            changed[new].append(number)
    for new, some in sorted(changed.items()):
        Device.objects.filter(number__in=some).update(kit_type=new, updated_at=timezone.now())
    if not numbers:
        return None
    last: int = numbers[-1]
    save_progress(job, 0, {"after": last})
    return last


def _recompute_soon(organization_id: UUID, device_types: set[str]) -> None:
    if device_types:
        arguments = {"device_types": sorted(device_types)}
        enqueue(RECOMPUTE, arguments, organization_id=organization_id)


def _check(kit: SensorKit) -> None:
    if kit.kit_type not in KitType.values:
        raise _invalid("kit_type", f"A kit type is one of {', '.join(KitType.values)}.")
    types = kit.device_types
    if not isinstance(types, list) or len(types) > MOST_TYPES or not all(map(_is_type, types)):
        raise _invalid(
            "device_types", f"Types of devices are a list of at most {MOST_TYPES} texts."
        )
    if not is_storable(kit.product) or len(kit.product) > 512:
        raise _invalid("product", "A product has at most 512 characters.")


def _is_type(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_TYPE and is_storable(value)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("sensor_kit_invalid", message, field=field)


def _subject(kit: SensorKit) -> Subject:
    return Subject("sensor_kit", str(kit.pk), kit.kit_type)
