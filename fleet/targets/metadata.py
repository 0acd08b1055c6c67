"""What people note on a target by key, for their own programs (hawkBit: metadata).

Kept beside what devices tell of themselves, in a scope that Mender's API does not show.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import lock_device, subject_of
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.models import Device, Inventory
from fleet.reach import require_for
from fleet.texts import is_storable

SCOPE = "metadata"
MOST = 100
KEY_LENGTH, VALUE_LENGTH = 128, 4000


def metadata_of(device: Device) -> dict[str, str]:
    """By key, in the order of these."""
    row = Inventory.objects.filter(device=device).only("attributes").first()
    return dict(sorted(row.attributes.get(SCOPE, {}).items())) if row else {}


@transaction.atomic
def add_metadata(*, actor: Actor, device: Device, entries: Sequence[tuple[str, str]]) -> None:
    """Add all of them, or none.

    Raises Invalid("metadata_invalid"), also for a key that comes twice,
    Conflict("metadata_exists"), LimitReached("metadata_limit"), NotFound("device_not_found").
    """
    fresh = {key: _checked(key, value) for key, value in entries}
    if len(fresh) < len(entries):
        raise Invalid("metadata_invalid", "Each key must be there once.", field="key")
    row = _locked(actor, device)
    known = row.attributes.get(SCOPE, {})
    if taken := sorted(known.keys() & fresh.keys()):
        raise Conflict("metadata_exists", f"Metadata entry with key '{taken[0]}' already exists")
    if len(known) + len(fresh) > MOST:
        raise LimitReached("metadata_limit", f"A target has at most {MOST} metadata entries.")
    _save(actor, row, known | fresh, {f"metadata.{key}": value for key, value in fresh.items()})


@transaction.atomic
def change_metadata(*, actor: Actor, device: Device, key: str, value: str) -> None:
    """Raises Invalid("metadata_invalid"), NotFound("metadata_not_found", "device_not_found")."""
    row = _locked(actor, device)
    known = row.attributes.get(SCOPE, {})
    if key not in known:
        raise _unknown(key)
    if known[key] != _checked(key, value):
        _save(actor, row, known | {key: value}, {f"metadata.{key}": [known[key], value]})


@transaction.atomic
def delete_metadata(*, actor: Actor, device: Device, key: str) -> None:
    """Raises NotFound("metadata_not_found", "device_not_found")."""
    row = _locked(actor, device)
    known = row.attributes.get(SCOPE, {})
    if key not in known:
        raise _unknown(key)
    kept = {name: value for name, value in known.items() if name != key}
    _save(actor, row, kept, {f"metadata.{key}": [known[key], None]})


def _checked(key: str, value: str) -> str:
    if not 1 <= len(key) <= KEY_LENGTH or not is_storable(key):
        text = f"key size must be between 1 and {KEY_LENGTH}"
        raise Invalid("metadata_invalid", text, field="key")
    if len(value) > VALUE_LENGTH or not is_storable(value):
        text = f"value size must be between 0 and {VALUE_LENGTH}"
        raise Invalid("metadata_invalid", text, field="value")
    return value


def _locked(actor: Actor, device: Device) -> Inventory:
    """The row of the locked device, as it is now or yet to be saved."""
    locked = lock_device(device.pk)
    if locked is None:
        raise NotFound("device_not_found", "There is no such device.")
    require_for(actor, "fleet.change_device", locked)
    # A device that never reported has not been heard of since it became known.
    fresh = Inventory(device=locked, updated_at=locked.created_at)
    row = Inventory.objects.filter(device=locked).first() or fresh
    row.device = locked
    return row


def _save(actor: Actor, row: Inventory, kept: dict[str, str], change: dict[str, object]) -> None:
    """The time of the inventory stays that of the device's last report."""
    row.attributes[SCOPE] = kept
    row.save()
    changed = {"updated_at": timezone.now(), "updated_by": actor.name[:512]}
    Device.objects.filter(pk=row.device_id).update(**changed)
    record(actor, Action.UPDATE, subject_of(row.device), change)


def _unknown(key: str) -> NotFound:
    text = f"Metadata with given identifier {{{key}}} does not exist."
    return NotFound("metadata_not_found", text, field="key")
