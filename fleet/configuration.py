"""What a device is to be configured with, and what it says it is configured with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import facts_of, lock_device, subject_of
from fleet.errors import Invalid, NotFound
from fleet.models import Configuration, Device
from fleet.reach import require_for
from fleet.texts import is_storable

MOST_KEYS = 100
LONGEST = 4096
LARGEST = 512 * 1024  # bytes as JSON in ASCII, the way a device gets it
LARGEST_TOLD = 16 * 1024
PERMISSION = "fleet.change_configuration"


@transaction.atomic
def set_configuration(*, actor: Actor, device: Device, values: Mapping[str, Any]) -> Configuration:
    """Replace what the device is to be configured with; it learns of it by asking or a deployment.

    Raises Forbidden, Invalid("configuration_invalid") with the key as `field`, and
    NotFound("device_not_found") if the device is gone.
    Source: Mender API, Device configure (management), Set Device Configuration.
    """
    require_for(actor, PERMISSION, device)
    wanted = check(values)
    locked = locked_device(device)
    changes = {"configured": wanted, "updated_at": timezone.now()}
    kept, _made = Configuration.objects.update_or_create(device=locked, defaults=changes)
    change = facts_of(locked, **_told(wanted))
    record(actor, Action.SET_CONFIGURATION, subject_of(locked), change)
    return kept


@transaction.atomic
def report_configuration(*, device: Device, values: Mapping[str, Any]) -> None:
    """Replace what the device says of itself; raises Invalid("configuration_invalid").

    Source: Mender API, Device configure (device), Report Device Configuration.
    """
    changes = {"reported": check(values), "reported_at": timezone.now()}
    if lock_device(device.pk):
        Configuration.objects.update_or_create(device=device, defaults=changes)


def configuration_of(device: Device) -> Configuration:
    """An empty one, not saved, if there is nothing yet."""
    return Configuration.objects.filter(device=device).first() or Configuration(device=device)


def locked_device(device: Device) -> Device:
    """The device as it is now, held until the transaction ends; raises NotFound."""
    locked = lock_device(device.pk)
    if locked is None or locked.is_leaving:
        raise NotFound("device_not_found", "device does not exist")
    return locked


def check(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values if they keep the rules; raises Invalid("configuration_invalid").

    At most 100 texts of up to 4,096 characters by keys of 1 to 4,096, and 512 KiB altogether.
    """
    if len(values) > MOST_KEYS:
        raise _invalid(f"at most {MOST_KEYS} keys are taken")
    for key, value in values.items():
        if not 1 <= len(key) <= LONGEST:
            raise _invalid(f"{key[:64]!r}: a key has 1 to {LONGEST} characters", key)
        if not isinstance(value, str) or len(value) > LONGEST:
            raise _invalid(f"{key[:64]!r}: must be a text of up to {LONGEST} characters", key)
        if not (is_storable(key) and is_storable(value)):
            raise _invalid(f"{key[:64]!r}: holds characters that no text may hold", key)
    if len(json.dumps(values)) > LARGEST:
        raise _invalid(f"the configuration is larger than {LARGEST // 1024} KiB")
    return dict(values)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: what it is to be and what it is said to be, None where nothing is said of it."""

    key: str
    wanted: str | None
    reported: str | None

    @property
    def state(self) -> str:
        """ "same", "differs", "waiting" (not reported yet) or "own" (not set here)."""
        if self.wanted is None:
            return "own"
        if self.reported is None:
            return "waiting"
        return "same" if self.wanted == self.reported else "differs"


def settings_of(kept: Configuration) -> list[Setting]:
    """Every key that is set here or reported by the device, in order."""
    keys = sorted({*kept.configured, *kept.reported})
    return [Setting(key, kept.configured.get(key), kept.reported.get(key)) for key in keys]


def _told(wanted: dict[str, str]) -> dict[str, Any]:
    """What the audit log keeps: of a large one, the beginnings of its keys only."""
    if len(json.dumps(wanted)) <= LARGEST_TOLD:
        return {"configuration": wanted}
    return {"configured_keys": sorted(key[:64] for key in wanted)}


def _invalid(message: str, field: str = "") -> Invalid:
    return Invalid("configuration_invalid", message, field=field)
