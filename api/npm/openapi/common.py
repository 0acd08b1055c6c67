"""What an appliance says of itself, as its calls are described."""

from api.npm.openapi.operations import BASE, COMMON_BASE, Caller, Operation
from api.openapi.operations import gives
from api.openapi.schema import TEXT, Schema, array, mapping, record, ref

SCHEMAS: dict[str, Schema] = {
    "AuthInfo": record({"supported_methods": array(TEXT)}),
    "Service": record({"id": TEXT, "versions": array(TEXT)}),
    "Definition": mapping(),
    "Info": record({"device_name": TEXT, "model": TEXT, "serial": TEXT, "sw_version": TEXT}),
}
_FOR_ANYBODY = {
    f"{COMMON_BASE}/auth_info": ("Show how to sign in", ref("AuthInfo")),
    f"{COMMON_BASE}/services": ("List the services", array(ref("Service"))),
    COMMON_BASE: ("Show what this service has", ref("Definition")),
    BASE: ("Show what this service has", ref("Definition")),
    "/api/npm/openapi.json": ("Show this document", ref("Definition")),
}

OPERATIONS: list[Operation] = [
    *(
        Operation("GET", path, summary, gives(schema), caller=Caller.ANYBODY)
        for path, (summary, schema) in _FOR_ANYBODY.items()
    ),
    Operation("GET", f"{COMMON_BASE}/info", "Show the appliance", gives(ref("Info"))),
]
