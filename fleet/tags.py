"""What people note on devices, beside what devices tell of themselves."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record, record_each
from fleet.attributes import Attribute, Value, check
from fleet.bulk.outcomes import UNCHANGED, Outcome, each_once, outcomes_of
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Device, Inventory, Organization, Tag
from fleet.reach import devices_within, require_for
from fleet.tag_catalogue import note_tags

TAGS = "tags"
PERMISSION = "fleet.change_device"
MOST_TAGS = 20


@transaction.atomic
def set_tags(
    *,
    actor: Actor,
    device: Device,
    tags: Iterable[Attribute],
    replace: bool,
    without: Collection[str] = (),
    is_expected: Callable[[str], bool] = lambda _version: True,
) -> str:
    """Merge the tags into those of the device, or put them in the place of all.

    Those that `without` names go. Answers their version, as `version_of` does; `is_expected` is
    asked about the one they had until now. Raises Invalid("attribute_invalid"),
    Invalid("too_many_tags") if there would be more than 20, Conflict("tags_changed") and
    NotFound("device_not_found").
    """
    require_for(actor, PERMISSION, device)
    noted = {tag.name: check(tag) for tag in tags}
    row = _locked_inventory(device)
    if not is_expected(version_of(row)):
        raise Conflict("tags_changed", "the tags have been changed meanwhile")
    values = {name: tag.value for name, tag in noted.items()}
    kept = values if replace else _merged(row, values, without)
    if len(kept) > MOST_TAGS:
        raise Invalid("too_many_tags", f"a device has at most {MOST_TAGS} tags", field=TAGS)
    texts = {name: tag.description for name, tag in noted.items() if tag.description}
    _note(row, kept, touched=row.attributes.get(TAGS, {}) if replace else values, texts=texts)
    _save(actor, row, device)
    note_tags(actor, device.organization_id, Tag.Kind.DEVICE, noted)
    record(actor, Action.UPDATE, _subject(device), {"tags": kept})
    return version_of(row)


@transaction.atomic
def set_tags_of_many(
    *,
    actor: Actor,
    organization: Organization,
    devices: Iterable[UUID],
    tags: Mapping[str, Value | None],
) -> list[Outcome]:
    """Merge the tags into those of a few hundred devices, in one transaction; None takes one away.

    A device out of the actor's reach counts as unknown. The answer has an outcome for every id,
    in the order given. Raises Invalid("attribute_invalid").
    """
    check_tags(tags)
    wanted = each_once(devices)
    within = devices_within(actor, PERMISSION, organization).filter(id__in=wanted)
    found = list(within.order_by("pk").select_for_update(no_key=True))
    rows = Inventory.objects.in_bulk([device.pk for device in found])
    codes: dict[UUID, str] = {}
    changed: list[tuple[Device, Inventory]] = []
    for device in found:
        row = rows.get(device.pk) or Inventory(device=device, updated_at=device.created_at)
        codes[device.id] = _tag(row, tags)
        if not codes[device.id]:
            changed.append((device, row))
    save_many(actor, changed)
    if changed:
        given = [name for name, value in tags.items() if value is not None]
        note_tags(actor, organization.pk, Tag.Kind.DEVICE, given)
    told = ((_subject(device), {"tags": row.attributes[TAGS]}) for device, row in changed)
    record_each(actor, Action.UPDATE, told)
    return outcomes_of(wanted, codes)


def check_tags(tags: Mapping[str, Value | None]) -> None:
    """Raises Invalid("attribute_invalid") unless all of them could be tags, or names of some."""
    for name, value in tags.items():
        check(Attribute(name, "" if value is None else value, scope=TAGS))


def _tag(row: Inventory, tags: Mapping[str, Value | None]) -> str:
    """Change the row, which is yet to be saved, or say why not."""
    values = {name: value for name, value in tags.items() if value is not None}
    kept = _merged(row, values, tags.keys() - values.keys())
    if kept == row.attributes.get(TAGS, {}):
        return UNCHANGED
    if len(kept) > MOST_TAGS:
        return "too_many_tags"
    _note(row, kept, touched=values, texts={})
    return ""


def _merged(
    row: Inventory, values: Mapping[str, Value], without: Collection[str]
) -> dict[str, Value]:
    kept = row.attributes.get(TAGS, {}) | values
    return {name: value for name, value in kept.items() if name not in without}


def _note(
    row: Inventory, kept: dict[str, Value], *, touched: Collection[str], texts: dict[str, str]
) -> None:
    """A description stays with a tag that nobody touched."""
    before = row.descriptions.get(TAGS, {})
    left = {name: text for name, text in before.items() if name in kept and name not in touched}
    row.attributes[TAGS], row.descriptions[TAGS] = kept, left | texts


def save_many(actor: Actor, changed: Sequence[tuple[Device, Inventory]]) -> None:
    """Keep the attributes of these rows, whose devices are locked and have changed by that."""
    Inventory.objects.bulk_create(
        [row for _device, row in changed],
        update_conflicts=True,
        unique_fields=["device"],
        update_fields=["attributes", "descriptions"],
    )
    numbers = [device.pk for device, _row in changed]
    Device.objects.filter(pk__in=numbers).update(**_changed_by(actor))


def version_of(inventory: Inventory | None) -> str:
    """A short text that changes when the tags do."""
    noted: list[Any] = [{}, {}]
    if inventory is not None:
        noted = [inventory.attributes.get(TAGS, {}), inventory.descriptions.get(TAGS, {})]
    return hashlib.sha256(json.dumps(noted, sort_keys=True).encode()).hexdigest()[:32]


def _locked_inventory(device: Device) -> Inventory:
    if not Device.objects.select_for_update(no_key=True).filter(pk=device.pk).exists():
        raise NotFound("device_not_found", "device not found")
    # A device that never reported has not been heard of since it became known.
    fresh = Inventory(device=device, updated_at=device.created_at)
    return Inventory.objects.filter(device=device).first() or fresh


def _save(actor: Actor, row: Inventory, device: Device) -> None:
    """The time of the inventory stays that of the device's last report."""
    row.save()
    Device.objects.filter(pk=device.pk).update(**_changed_by(actor))
    row.device = device


def _changed_by(actor: Actor) -> dict[str, Any]:
    return {"updated_at": timezone.now(), "updated_by": actor.name[:512]}


def _subject(device: Device) -> Subject:
    return Subject("device", device.id, device.name)
