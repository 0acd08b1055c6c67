"""Source: Mender API, Device authentication (management)."""

from api.mender.openapi.components import ADMISSION
from api.mender.openapi.operations import (
    FORM,
    JSON,
    MANAGEMENT,
    PAGED,
    Answer,
    Operation,
    creates,
    done,
    gives,
    pages,
    query,
    sends,
)
from api.openapi.schema import (
    COUNT,
    FLAG,
    ID,
    TEXT,
    array,
    asked,
    choice,
    either,
    mapping,
    record,
    ref,
    whole,
)

V2 = f"{MANAGEMENT}/v2/devauth"
ONE = f"{V2}/devices/{{device_id}}"
SET = f"{ONE}/auth/{{auth_set_id}}"
LISTED = pages(ref("Device"), is_counted=False)
MATCHING = {"status": either(ADMISSION, array(ADMISSION)), "id": either(ID, array(ID))}
STATUS = record({"status": ADMISSION})

OPERATIONS = [
    Operation(
        *("GET", f"{V2}/devices", "List devices"),
        LISTED,
        [400],
        [*query(status=array(ADMISSION), id=array(ID)), *PAGED],
    ),
    Operation(
        *("POST", f"{V2}/devices", "Preauthorize a device"),
        creates() | {409: Answer("The device that has this identity.", ref("Device"))},
        [400],
        body=sends(asked({"identity_data": mapping(), "pubkey": TEXT}, {"force": FLAG})),
    ),
    Operation(
        *("POST", f"{V2}/devices/search", "Search devices"),
        LISTED,
        [400],
        PAGED,
        sends(asked({}, MATCHING), JSON, FORM),
    ),
    Operation(
        *("GET", f"{V2}/devices/count", "Count devices"),
        gives(record({"count": COUNT})),
        [400],
        query(status=array(ADMISSION)),
    ),
    Operation(*("GET", ONE, "Show a device"), gives(ref("Device")), [404]),
    Operation(*("DELETE", ONE, "Decommission a device"), done(), [404]),
    Operation(*("DELETE", SET, "Dismiss a key of a device"), done(), [404]),
    Operation(*("GET", f"{SET}/status", "Show the status of a key"), gives(STATUS), [404]),
    Operation(
        *("PUT", f"{SET}/status", "Decide on a key"),
        done(),
        [400, 404, 422],
        body=sends(asked({"status": choice("accepted", "rejected", "pending")})),
    ),
    Operation(*("DELETE", f"{V2}/tokens/{{token_id}}", "Revoke a device's token"), done(), [404]),
    Operation(
        *("GET", f"{V2}/limits/{{name}}", "Show a limit"),
        gives(record({"limit": whole(-1)})),
        [400],
    ),
]
