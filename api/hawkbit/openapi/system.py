"""The configuration of the tenant, who calls, and the document itself."""

from api.hawkbit.openapi.operations import ROOT, Caller, Operation, takes
from api.openapi.operations import done, gives
from api.openapi.schema import FLAG, TEXT, WHOLE, asked, either, mapping, record, ref

CONFIGS, CONFIG = f"{ROOT}/system/configs", f"{ROOT}/system/configs/{{key}}"
VALUE = either(TEXT, FLAG, WHOLE)
ALL = mapping(ref("Configuration"))

OPERATIONS = [
    Operation("GET", CONFIGS, "Show the configuration", gives(ALL)),
    Operation(*("PUT", CONFIGS, "Set several keys"), gives(ALL), [400], body=takes(mapping(VALUE))),
    Operation("GET", CONFIG, "Show a key", gives(ref("Configuration")), [400, 403]),
    Operation(
        *("PUT", CONFIG, "Set a key"),
        gives(ref("Configuration")),
        [400],
        body=takes(asked({"value": VALUE})),
    ),
    Operation("DELETE", CONFIG, "Put a key back to its default", done(), [400]),
    Operation(
        *("GET", f"{ROOT}/userinfo", "Show who calls"),
        gives(record({"tenant": TEXT, "username": TEXT})),
        caller=Caller.MEMBER,
    ),
    Operation(
        *("GET", "/api/hawkbit/openapi.json", "This document"),
        gives(ref("Document"), "OpenAPI 3.1."),
        caller=Caller.ANYBODY,
    ),
]
