"""What devices call. Source: Mender API, Device APIs."""

from api.mender.openapi.components import DEVICE_STATE, VALUE
from api.mender.openapi.operations import (
    DEVICES,
    Answer,
    Caller,
    Operation,
    Parameter,
    done,
    gives,
    sends,
)
from api.openapi.schema import (
    ANYTHING,
    ID,
    TEXT,
    TIME,
    array,
    asked,
    mapping,
    record,
    text,
)

V1, V2 = f"{DEVICES}/v1", f"{DEVICES}/v2"
NEXT = "deployments/device/deployments"
SIGNATURE = Parameter("X-MEN-Signature", text(least=1), place="header", is_required=True)
CLAIM = asked(
    {"id_data": text(least=1), "pubkey": text(least=1)}, {"tenant_token": TEXT, "tier": TEXT}
)
REQUIRED = {"artifact_name": text(least=1, most=4096), "device_type": text(least=1, most=256)}
PROVIDES = asked(REQUIRED) | {"additionalProperties": TEXT}
OFFER = record(
    {
        "id": ID,
        "artifact": record(
            {
                "id": ID,
                "artifact_name": TEXT,
                "source": record({"uri": TEXT, "expire": TIME}),
                "device_types_compatible": array(TEXT),
            }
        ),
    },
    {"update_control_map": mapping()},
)
OFFERS = gives(OFFER, "What to install.") | {204: Answer("Nothing to install.")}
MESSAGE = asked({"timestamp": TIME, "level": TEXT, "message": TEXT})
ATTRIBUTES = sends(
    array(
        asked({"name": text(least=1, most=1024), "value": VALUE}, {"description": text(most=4096)})
    )
)
DEVICE = Caller.DEVICE

OPERATIONS = [
    Operation(
        *("POST", f"{V1}/authentication/auth_requests", "Authenticate a device"),
        gives(ANYTHING, "A token of a week.", media_type="application/jwt"),
        [400, 401, 429],
        headers=[SIGNATURE],
        body=sends(CLAIM),
        caller=Caller.ANYBODY,
    ),
    Operation(
        *("GET", f"{V1}/{NEXT}/next", "Check for an update"),
        OFFERS,
        [400, 409],
        [Parameter(name, schema, is_required=True) for name, schema in REQUIRED.items()],
        caller=DEVICE,
    ),
    Operation(
        *("POST", f"{V1}/{NEXT}/next", "Check for an update, with all that is provided"),
        OFFERS,
        [400, 409],
        body=sends(PROVIDES),
        caller=DEVICE,
    ),
    Operation(
        *("POST", f"{V2}/{NEXT}/next", "Check for an update, version 2"),
        OFFERS,
        [400, 409],
        body=sends(asked({"device_provides": PROVIDES}, {"update_control_map": {}})),
        caller=DEVICE,
    ),
    Operation(
        *("PUT", f"{V1}/{NEXT}/{{deployment_id}}/status", "Report how far an update is"),
        done(),
        [400, 404, 409],
        body=sends(asked({"status": DEVICE_STATE}, {"substate": TEXT})),
        caller=DEVICE,
    ),
    Operation(
        *("GET", f"{V2}/{NEXT}/{{deployment_id}}/update_control_map", "Ask how an update goes on"),
        gives(record({"update_control_map": mapping()})),
        [400, 404],
        caller=DEVICE,
    ),
    Operation(
        *("PUT", f"{V1}/{NEXT}/{{deployment_id}}/log", "Report the log of an update"),
        done(),
        [400, 404],
        body=sends(asked({"messages": array(MESSAGE)})),
        caller=DEVICE,
    ),
    *(
        Operation(
            *(method, f"{V1}/inventory/device/attributes", summary),
            done(200),
            [400],
            body=ATTRIBUTES,
            caller=DEVICE,
        )
        for method, summary in [("PATCH", "Add to the inventory"), ("PUT", "Replace the inventory")]
    ),
]
