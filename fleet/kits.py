"""Which sensor kit a device has: by what it says, by its type, or by its operating system.

Source: Carbon Black, sensor_kit_type.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fleet.models import KitType, SensorKit

DEVICE_TYPE = "device_type"
KIT_ATTRIBUTE = "sensor_kit_type"
VERSION_ATTRIBUTE = "sensor_version"
OS_ATTRIBUTE = "os"
# The first that is found in the operating system as the device calls it, in small letters.
_BY_OS: tuple[tuple[str, KitType], ...] = (
    (r"windows.*(\bxp\b|server 2003)", KitType.XP),
    (r"windows", KitType.WINDOWS),
    (r"(mac os x|os x) 10\.([0-9]|10|11)(?!\d)", KitType.MAC_OSX),
    (r"\bmac|\bos x|darwin", KitType.MAC),
    (r"red ?hat|rhel|cent ?os|oracle|rocky|alma|fedora", KitType.RHEL),
    (r"ubuntu|debian", KitType.UBUNTU),
    (r"sles|suse", KitType.SUSE),
    (r"amazon|amzn", KitType.AMAZON_LINUX),
)


def kit_types_of(organization_id: UUID) -> dict[str, str]:
    """What the organization says: the kit type of each type of devices that it names."""
    rows = SensorKit.objects.filter(organization=organization_id).order_by("-kit_type")
    return {
        str(device_type): kit_type
        for kit_type, device_types in rows.values_list("kit_type", "device_types")
        for device_type in device_types
    }


def kit_type_of(attributes: Mapping[str, Any], device_type: str, named: Mapping[str, str]) -> str:
    """The kit type of a device that tells these attributes, where the organization `named` some."""
    said = str(attributes.get(KIT_ATTRIBUTE, "")).upper()
    if said in KitType.values:
        return said
    if device_type in named:
        return named[device_type]
    system = str(attributes.get(OS_ATTRIBUTE, "")).lower()
    found = (kit for pattern, kit in _BY_OS if re.search(pattern, system))
    return next(found, KitType.OTHER).value
