"""The calls about devices, with which clients check their credentials."""

from api.digi.openapi.operations import Operation
from api.openapi.operations import gives, query
from api.openapi.schema import TEXT, ref, whole

_ASKED = query(start=whole(0, 999_999_999), size=whole(1, 1000), condition=TEXT)

OPERATIONS = [
    Operation("GET", path, "A page of devices", gives(ref("Devices")), refuses=[400], query=_ASKED)
    for path in ("/ws/DeviceCore", "/ws/DeviceCore/.json")
]
