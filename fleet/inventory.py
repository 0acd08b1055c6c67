"""What devices tell of themselves, and all that is known of one, by scope."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet import identity as identities
from fleet.attributes import Attribute, Value, check
from fleet.errors import Invalid
from fleet.kits import (
    DEVICE_TYPE,
    KIT_ATTRIBUTE,
    OS_ATTRIBUTE,
    VERSION_ATTRIBUTE,
    kit_type_of,
    kit_types_of,
)
from fleet.models import Contact, Device, Inventory
from fleet.reach import require_for

REPORTED = "inventory"
SOFTWARE = "artifact_name"
DECIDE_KIT = (DEVICE_TYPE, KIT_ATTRIBUTE, OS_ATTRIBUTE)
MOST_ATTRIBUTES = 1000
STORED = (REPORTED, "tags", "monitor")
__all__ = ["Attribute", "Value", "attributes_of", "forget", "report", "rewrite"]


@transaction.atomic
def report(*, device: Device, attributes: Iterable[Attribute], replace: bool) -> None:
    """Merge what the device says into its inventory, or put it in the place of all it said.

    Of a name that comes twice the last one counts. Device type and software are mirrored on the
    device. Raises Invalid("attribute_invalid"), and Invalid("too_many_attributes") if there
    would be more than 1,000. Source: Mender API, Device inventory.
    """
    said = {attribute.name: check(attribute) for attribute in attributes}
    values = {name: attribute.value for name, attribute in said.items()}
    texts = {name: attribute.description for name, attribute in said.items()}
    if not Device.objects.select_for_update(no_key=True).filter(pk=device.pk).exists():
        return  # decommissioned while it spoke
    row = Inventory.objects.filter(device=device).first() or Inventory(device=device)
    kept = values if replace else row.attributes.get(REPORTED, {}) | values
    if len(kept) > MOST_ATTRIBUTES:
        raise Invalid("too_many_attributes", f"a device has at most {MOST_ATTRIBUTES} attributes")
    known = {} if replace else row.descriptions.get(REPORTED, {})
    before = row.attributes.get(REPORTED, {})
    _keep(row, kept, {name: text for name, text in (known | texts).items() if text})
    row.device = device  # whoever holds the device sees what it has just said
    _mirror(device, before, kept)


@transaction.atomic
def rewrite(
    *,
    device: Device,
    said: Mapping[str, Value],
    change: Callable[[dict[str, Value]], dict[str, Value]],
) -> None:
    """Put what `change` makes of all that the device has told in its place.

    `said` is what it tells now. Device type and software are mirrored, the latter only where it is
    told now: hawkBit knows from elsewhere what is installed.
    """
    if not Device.objects.select_for_update(no_key=True).filter(pk=device.pk).exists():
        return  # decommissioned while it spoke
    row = Inventory.objects.filter(device=device).first() or Inventory(device=device)
    known = row.attributes.get(REPORTED, {})
    kept = change(known)
    texts = row.descriptions.get(REPORTED, {})
    _keep(row, kept, {name: text for name, text in texts.items() if name in kept})
    row.device = device
    device.software = Device.objects.values_list("software", flat=True).get(pk=device.pk)
    is_told = SOFTWARE in said and SOFTWARE in kept
    _mirror(device, known, kept if is_told else kept | {SOFTWARE: device.software})


@transaction.atomic
def forget(*, actor: Actor, device: Device) -> None:
    """Drop what the device has told of itself; tags and identity stay.

    Source: the inventory service of the Mender server.
    """
    require_for(actor, "fleet.change_device", device)
    if not Device.objects.select_for_update(no_key=True).filter(pk=device.pk).exists():
        return
    row = Inventory.objects.filter(device=device).first()
    if row is None or not row.attributes.get(REPORTED):
        return
    before = row.attributes[REPORTED]
    _keep(row, {}, {})
    _mirror(device, before, {})
    change = {"inventory": "forgotten"}
    record(actor, Action.UPDATE, Subject("device", device.id, device.name), change)


def _keep(row: Inventory, attributes: dict[str, Value], descriptions: dict[str, str]) -> None:
    """Most reports say what is known already: these touch no index."""
    known = [row.attributes.get(REPORTED), row.descriptions.get(REPORTED)]
    is_news = row._state.adding or known != [attributes, descriptions]
    row.attributes[REPORTED], row.descriptions[REPORTED] = attributes, descriptions
    row.updated_at = timezone.now()
    row.save(update_fields=None if is_news else ["updated_at"])


def attributes_of(device: Device) -> list[Attribute]:
    """Everything known of a device: identity, inventory, system, tags and monitor.

    Reads `device.inventory` and `device.contact`: select them where there are many devices.
    """
    inventory: Inventory | None = _related(device, "inventory")
    told = inventory.attributes if inventory else {}
    texts = inventory.descriptions if inventory else {}
    stored = [
        Attribute(
            name,
            value,
            scope,
            texts.get(scope, {}).get(name, ""),
            inventory.updated_at if inventory and scope == REPORTED else None,
        )
        for scope in STORED
        for name, value in told.get(scope, {}).items()
    ]
    return [*_identity(device), *stored, *_system(device, inventory)]


def _identity(device: Device) -> Iterator[Attribute]:
    for name, value in device.identity.items():
        if name != "status":
            yield Attribute(name, _flat(value), "identity")
    yield Attribute("status", device.status, "identity")


def _system(device: Device, inventory: Inventory | None) -> Iterator[Attribute]:
    contact: Contact | None = _related(device, "contact")
    moments = {
        "created_ts": device.created_at,
        "updated_ts": max(device.updated_at, inventory.updated_at)
        if inventory
        else device.updated_at,
        # The last call may still be in memory: an inventory report was one too.
        "check_in_time": contact.seen_at if contact else inventory and inventory.updated_at,
    }
    for name, moment in moments.items():
        if moment:
            yield Attribute(name, _stamp(moment), "system")
    if device.group:
        yield Attribute("group", device.group, "system")


def _related(device: Device, name: str) -> Any:
    try:
        return getattr(device, name)
    except ObjectDoesNotExist:
        return None


def _flat(value: Any) -> Value:
    """An identity may hold anything JSON can; what is no attribute value is shown as text."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return identities.text_of({"": value})[4:-1]


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mirror(device: Device, before: dict[str, Value], attributes: dict[str, Value]) -> None:
    """Keep what lists and offers look at on the device itself; its kit where it may be another."""
    device_type = _text(attributes.get(DEVICE_TYPE, ""))[:256]
    facts = {
        "device_type": device_type,
        "software": _text(attributes.get(SOFTWARE, ""))[:4096],
        "sensor_version": _text(attributes.get(VERSION_ATTRIBUTE, ""))[:256],
    }
    if any(before.get(name) != attributes.get(name) for name in DECIDE_KIT):
        named = kit_types_of(device.organization_id)
        facts["kit_type"] = kit_type_of(attributes, device_type, named)
    rows = Device.objects.filter(pk=device.pk).exclude(**facts)
    rows.update(**facts, updated_at=timezone.now())
    for name, value in facts.items():
        setattr(device, name, value)


def _text(value: Value) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _text(value[0]) if value else ""
    return str(value)
