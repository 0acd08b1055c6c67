"""What clients ask an appliance before anything else. Source: SteelScript, AppResponse."""

from typing import Any, ClassVar

from django.http import HttpResponse

from api.endpoints import READ, Call
from api.npm.openapi.services import SERVICES, definition
from api.npm.resources import PublicResource, Resource, answered
from artifacts.versions import version_of
from fleet.models import Device, Inventory

SERIALS = ("serial_number", "sn", "SerialNumber", "serial")


class AuthInfo(PublicResource):
    def get(self, _call: Call) -> HttpResponse:
        return answered({"supported_methods": ["BASIC"]})


class Services(PublicResource):
    def get(self, _call: Call) -> HttpResponse:
        return answered([{"id": name, "versions": [version]} for name, version in SERVICES])


class Definition(PublicResource):
    """What the service at `name` has, as Riverbed's service definitions say it."""

    name: str = ""

    def get(self, _call: Call) -> HttpResponse:
        return answered(definition(self.name))


class Info(Resource):
    needs: ClassVar = {"GET": READ}

    def get(self, _call: Call) -> HttpResponse:
        return answered(_info(self.device))


def _info(device: Device) -> dict[str, Any]:
    return {
        "device_name": device.name,
        "model": device.device_type,
        "serial": _serial(device),
        "sw_version": version_of(device),
    }


def _serial(device: Device) -> str:
    """By whatever name the device has it, in its identity or its inventory; "" without one."""
    kept = Inventory.objects.filter(device=device).values_list("attributes", flat=True).first()
    told = (kept or {}).get("inventory", {})
    values = (facts[name] for facts in (device.identity, told) for name in SERIALS if name in facts)
    return next((value for value in values if isinstance(value, str)), "")
