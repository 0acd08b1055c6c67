"""A device, as the list of devices tells it: all values are texts, and one that is missing is left
out. Source: Digi Remote Manager, DeviceCore; python-devicecloud, devicecore.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from api.digi.language.devices import DeviceFields
from api.digi.language.fields import DEVICE_FIELDS, ID, Field
from api.digi.shapes.jobs import moment
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet

# What each key is in the query language.
FIELDS: dict[str, str] = {
    "devConnectwareId": "id",
    "devMac": "mac",
    "grpPath": "group",
    "dpConnectionStatus": "connection_status",
    "dpContact": "contact",
    "dpDescription": "description",
    "dpDeviceName": "name",
    "dpDeviceType": "type",
    "dpFirmwareLevelDesc": "firmware_version",
    "dpGlobalIp": "public_ip",
    "dpLastConnectTime": "last_connect",
    "dpLastDisconnectTime": "last_disconnect",
    "dpLastKnownIp": "ip",
    "dpLocation": "location",
    "dpRestrictedStatus": "restricted_status",
    "dpUserMetaData": "notes",
    "dvVendorId": "vendor_id",
}
# These two are numbers there.
_NUMBERS: dict[str, Mapping[str, str]] = {
    "dpConnectionStatus": {"disconnected": "0", "connected": "1"},
    "dpRestrictedStatus": {
        "unrestricted": "0",
        "restricted": "1",
        "disabled": "2",
        "untrusted": "3",
    },
}
_ASKED = ("devConnectwareId", "devMac", "grpPath", "dpDeviceName", "dpDeviceType", "dpDescription")
CONDITIONS: dict[str, Field] = {
    "dptags": DEVICE_FIELDS["tags"],
    **{name.casefold(): {"id": ID, **DEVICE_FIELDS}[FIELDS[name]] for name in _ASKED},
}


def devices_told(
    organization: Organization, devices: DeviceQuerySet, start: int, size: int
) -> list[dict[str, Any]]:
    """Those from `start` (0 is the first) on, by number: two queries.

    The numbers first: what is told would be made out for the devices that are passed over, too.
    """
    numbers = list(
        devices.order_by("number").values_list("number", flat=True)[start : start + size]
    )
    fields = DeviceFields(organization, timezone.now())
    read = {f"told_{key}": fields.expression(name) for key, name in FIELDS.items()}
    tags = KeyTransform("tags", F("inventory__attributes"))
    devices = Device.objects.of(organization).filter(number__in=numbers)
    rows = devices.order_by("number").annotate(**read, told_tags=tags)
    columns = ("number", "created_at", "told_tags", *read)
    return [_told(organization, values) for values in rows.values_list(*columns)]


def _told(organization: Organization, values: Sequence[Any]) -> dict[str, Any]:
    number, created_at, tags, *read = values
    told = {
        "id": {"devId": str(number), "devVersion": "0"},
        "cstId": str(organization.number),
        "devRecordStartDate": moment(created_at),
        "dpTags": ",".join(_tags(tags)),
        **{key: _text(key, value) for key, value in zip(FIELDS, read, strict=True)},
    }
    return {key: value for key, value in told.items() if value is not None}


def _text(key: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return moment(value)
    return _NUMBERS[key][value] if key in _NUMBERS else str(value)


def _tags(tags: Any) -> list[str]:
    """Names, with the value behind where there is one."""
    if not isinstance(tags, dict):
        return []
    return [
        f"{name}={value}" if value else name
        for name, values in sorted(tags.items())
        for value in (values if isinstance(values, list) else [values])
    ]
