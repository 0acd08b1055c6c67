"""The list of devices, with which clients check their credentials.

Source: python-devicecloud, which asks for `/ws/DeviceCore?size=1`.
"""

import re

from django.http import HttpResponse
from django.utils import timezone

from api.digi.errors import Refused
from api.digi.language.devices import DeviceFields
from api.digi.language.meaning import parse
from api.digi.resources import Resource, answered, parameter
from api.digi.shapes.devices import CONDITIONS, devices_told
from api.endpoints import READ, Call
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from query.compiling import compiled

MOST = 1000
_WHOLE = re.compile(r"[0-9]{1,9}")


class Devices(Resource):
    """A page of devices by `start` and `size`; `condition` is in the query language."""

    needs = {"GET": READ}

    def get(self, call: Call) -> HttpResponse:
        start, size = _whole(call, "start", 0), _whole(call, "size", MOST, least=1, most=MOST)
        devices = _asked_for(call, parameter(call, "condition"))
        total = devices.count()
        items = devices_told(call.organization, devices, start, size)
        return answered(
            {
                "resultTotalRows": str(total),
                "requestedStartRow": str(start),
                "resultSize": str(len(items)),
                "requestedSize": str(size),
                "remainingSize": str(max(0, total - start - len(items)) if items else 0),
                "items": items,
            }
        )


def _asked_for(call: Call, condition: str) -> DeviceQuerySet:
    """Raises QueryError."""
    devices = Device.objects.of(call.organization)
    if not condition.strip():
        return devices
    fields = DeviceFields(call.organization, timezone.now())
    return devices.filter(compiled(parse(condition, CONDITIONS), fields.target_of))


def _whole(call: Call, name: str, default: int, *, least: int = 0, most: int = 999_999_999) -> int:
    """Raises Refused (400): a client that gets fewer than it asked for would skip the others."""
    text = parameter(call, name)
    if name not in call.GET:
        return default
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused(400, f"{name}: {text[:64]!r} is no whole number from {least} to {most}")
    return int(text)
