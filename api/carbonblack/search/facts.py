"""What Carbon Black's APIs know of a device: what is shown of it, and what conditions look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from api.carbonblack.search.policies import policy_id_of
from api.carbonblack.search.words import (
    MOBILE,
    OF_KIT,
    DeploymentType,
    DeviceStatus,
    Os,
    TargetPriority,
)
from artifacts.versions import VERSION, newest_versions
from deployments.standing_sets import has_failed_last
from fleet.kits import OS_ATTRIBUTE
from fleet.models import Contact, Device, Inventory, KitType
from fleet.models.device import DeviceQuerySet
from fleet.states import Admission
from query.among import Among
from query.fiql.times import canonical
from query.matching import MISSING
from query.searching import folded
from query.tree import Field
from query.versions import version_key

OS_VERSION, DEPLOYMENT_TYPE, TARGET_PRIORITY = "os_version", "deployment_type", "target_priority"
# How long a device may be silent and still be called active.
SILENCE = timedelta(days=30)
S = DeviceStatus
_OF_ADMISSION: dict[str, DeviceStatus] = {
    Admission.PENDING: S.PENDING,
    Admission.PREAUTHORIZED: S.PENDING,
    Admission.ACCEPTED: S.REGISTERED,
    Admission.REJECTED: S.DEREGISTERED,
    Admission.NOAUTH: S.DEREGISTERED,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A device in Carbon Black's words; `status` is the one that stands for its admission."""

    device: Device
    os: Os
    os_version: str
    sensor_version: str
    deployment_type: str
    target_priority: str
    last_contact_time: datetime | None
    status: DeviceStatus
    statuses: frozenset[DeviceStatus]

    def look_up(self, field: Field) -> object:
        """The value of a field of `search.fields`, as `query.matching` asks for it."""
        value = self._values()[field[0]]
        return MISSING if value in (None, "", []) else value

    def _values(self) -> dict[str, Any]:
        device, seen_at = self.device, self.last_contact_time
        return {
            "id": str(device.number),
            "name": folded(device.name),
            "address": folded(device.address),
            "os": self.os,
            "os_version": folded(self.os_version),
            "sensor_version": folded(self.sensor_version),
            "sensor_kit_type": device.kit_type,
            "deployment_type": self.deployment_type,
            "policy_id": str(policy_id_of(device.group)),
            "policy_name": folded(device.group),
            "target_priority": self.target_priority,
            "last_contact_time": canonical(seen_at) if seen_at else None,
            "status": list(self.statuses),
        }


def facts_of(organization_id: UUID, devices: Iterable[Device]) -> list[Facts]:
    """Of each of these, which `read` has read, in their order: two queries, however many."""
    found = list(devices)
    numbers = [device.number for device in found]
    rows = Device.objects.filter(Among(F("number"), numbers)).order_by()
    failed = set(rows.filter(has_failed_last()).values_list("number", flat=True))
    newest = {kit: version_key(text) for kit, text in newest_versions(organization_id).items()}
    now = timezone.now()
    return [_facts(device, device.number in failed, newest, now) for device in found]


def read(devices: DeviceQuerySet) -> DeviceQuerySet:
    """With all that `facts_of` looks at."""
    return devices.select_related("inventory", "contact").annotate(version=VERSION)


def _facts(device: Device, has_failed: bool, newest: Mapping[KitType, Any], now: datetime) -> Facts:
    scopes = _scopes(device)
    inventory, tags = scopes.get("inventory", {}), scopes.get("tags", {})
    version = str(device.version)  # type: ignore[attr-defined]
    seen_at = _seen_at(device)
    limit = newest.get(KitType(device.kit_type))
    is_outdated = limit is not None and bool(version) and version_key(version) < limit
    status = S.UNINSTALLED if device.is_leaving else _OF_ADMISSION[device.status]
    extra = {S.ERROR: has_failed, S.SENSOR_OUTOFDATE: is_outdated}
    statuses = _implied(status, is_active=seen_at is not None and seen_at > now - SILENCE)
    return Facts(
        device,
        _os(device, inventory),
        _text(inventory, OS_VERSION) or _text(inventory, OS_ATTRIBUTE),
        version,
        _known(inventory, DEPLOYMENT_TYPE, DeploymentType.values, DeploymentType.ENDPOINT),
        _known(tags, TARGET_PRIORITY, TargetPriority.values, TargetPriority.MEDIUM),
        seen_at,
        status,
        statuses | {each for each, is_so in extra.items() if is_so},
    )


def _implied(status: DeviceStatus, *, is_active: bool) -> frozenset[DeviceStatus]:
    match status:
        case S.UNINSTALLED:
            return frozenset({S.UNINSTALLED, S.DELETED, S.ALL})
        case S.DEREGISTERED:
            return frozenset({S.DEREGISTERED, S.ALL})
        case S.REGISTERED:
            seen = S.ACTIVE if is_active else S.INACTIVE
            return frozenset({S.REGISTERED, seen, S.LIVE, S.ALL})
        case _:
            return frozenset({status, S.LIVE, S.ALL})


def _os(device: Device, inventory: Mapping[str, Any]) -> Os:
    if known := OF_KIT.get(KitType(device.kit_type)):
        return known
    said = folded(_text(inventory, OS_ATTRIBUTE))
    return next((os for os, start in MOBILE.items() if said.startswith(start)), Os.OTHER)


def _known(values: Mapping[str, Any], name: str, words: Sequence[str], default: str) -> str:
    """Which of the words the value is, in any case; the default if it is none of them."""
    said = folded(_text(values, name))
    return next((word for word in words if folded(word) == said), default)


def _text(values: Mapping[str, Any], name: str) -> str:
    """The text under the name; empty if there is none, or something else."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _scopes(device: Device) -> Mapping[str, Any]:
    try:
        scopes: Mapping[str, Any] = device.inventory.attributes
    except Inventory.DoesNotExist:
        return {}
    return scopes


def _seen_at(device: Device) -> datetime | None:
    try:
        return device.contact.seen_at
    except Contact.DoesNotExist:
        return None
