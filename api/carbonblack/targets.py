"""Devices that are named one by one. Source: the seed, Create Sensor Update Job, device_ids."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from api.carbonblack.bodies import read_texts
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, wrong_type
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from query.among import Among

MOST = 250_000
# Of digits; a longer number is nobody's id, and no JSON of other programs holds it.
LONGEST = 18
HIGHEST = 2**31 - 1
MOST_TOLD = 100


def read_device_ids(value: Any, path: str) -> list[int]:
    """The ids, each once: numbers or their digits; raises Refused (400)."""
    texts = read_texts(value, path)
    if not all(each.isascii() and each.isdigit() and len(each) <= LONGEST for each in texts):
        raise wrong_type(path, "a list of device ids")
    ids = list(dict.fromkeys(map(int, texts)))
    if not 1 <= len(ids) <= MOST:
        message = f"Field {path} has 1 to {MOST} device ids"
        raise Refused(Code.INVALID_TARGETS, message, [path, MOST])
    return ids


def devices_listed(organization: Organization, ids: Sequence[int]) -> DeviceQuerySet:
    """The devices of these ids, whatever they are up to.

    Raises Refused (400) with those that are of none of the organization's, the first hundred.
    """
    devices = Device.objects.of(organization)
    listed = devices.filter(Among(F("number"), [each for each in ids if each <= HIGHEST]))
    known = set(listed.order_by().values_list("number", flat=True))
    unknown = [each for each in ids if each not in known]
    if unknown:
        message = f"{len(unknown)} of the device ids are of no device here"
        raise Refused(Code.UNKNOWN_DEVICE, message, unknown[:MOST_TOLD])
    return listed
