"""What people note on devices, beside what devices tell of themselves."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.attributes import Attribute, check
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Device, Inventory
from fleet.reach import require_for

TAGS = "tags"
MOST_TAGS = 20


@transaction.atomic
def set_tags(
    *,
    actor: Actor,
    device: Device,
    tags: Iterable[Attribute],
    replace: bool,
    is_expected: Callable[[str], bool] = lambda _version: True,
) -> str:
    """Merge the tags into those of the device, or put them in the place of all.

    Answers their version, as `version_of` does; `is_expected` is asked about the one they had
    until now. Raises Invalid("attribute_invalid"), Invalid("too_many_tags") if there would be
    more than 20, Conflict("tags_changed") and NotFound("device_not_found").
    """
    require_for(actor, "fleet.change_device", device)
    noted = {tag.name: check(tag) for tag in tags}
    row = _locked_inventory(device)
    if not is_expected(version_of(row)):
        raise Conflict("tags_changed", "the tags have been changed meanwhile")
    values = {name: tag.value for name, tag in noted.items()}
    texts = {name: tag.description for name, tag in noted.items() if tag.description}
    kept = values if replace else row.attributes.get(TAGS, {}) | values
    if len(kept) > MOST_TAGS:
        raise Invalid("too_many_tags", f"a device has at most {MOST_TAGS} tags")
    before = {} if replace else row.descriptions.get(TAGS, {})
    row.attributes[TAGS] = kept
    row.descriptions[TAGS] = {name: text for name, text in before.items() if name not in noted}
    row.descriptions[TAGS] |= texts
    _save(row, device)
    record(actor, Action.UPDATE, Subject("device", device.id, device.name), {"tags": kept})
    return version_of(row)


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


def _save(row: Inventory, device: Device) -> None:
    """The time of the inventory stays that of the device's last report."""
    row.save()
    Device.objects.filter(pk=device.pk).update(updated_at=timezone.now())
    row.device = device
