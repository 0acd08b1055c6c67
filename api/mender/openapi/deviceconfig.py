"""Source: Mender API, Device configure, and Fetch Configuration of Deployments (device)."""

from api.mender.openapi.components import CONTROL_MAP
from api.mender.openapi.operations import (
    DEVICES,
    MANAGEMENT,
    Answer,
    Caller,
    Operation,
    Parameter,
    done,
    gives,
    sends,
)
from api.openapi.schema import ANYTHING, COUNT, ID, TEXT, TIME, asked, mapping, record, text

OWN = f"{DEVICES}/v1/deviceconfig/configuration"
DOWNLOAD = (
    f"{DEVICES}/v1/deployments/download/configuration"
    "/{deployment_id}/{device_type}/{device_id}"
)
ONE = f"{MANAGEMENT}/v1/deviceconfig/configurations/device/{{device_id}}"
FILE = "application/vnd.mender-artifact"
CONFIGURATION = mapping(TEXT)
VALUES = sends(mapping(text(most=4096)))
SIGNED = [
    Parameter("x-men-expire", TIME, is_required=True),
    Parameter("x-men-signature", TEXT, is_required=True),
    Parameter("tenant_id", TEXT),
]
SHOWN = record(
    {"id": ID, "configured": CONFIGURATION, "reported": CONFIGURATION},
    {"deployment_id": ID, "reported_ts": TIME, "updated_ts": TIME},
)
PART = {206: Answer("A part of it.", ANYTHING, FILE, ["Content-Range"])}

OPERATIONS = [
    Operation(
        *("GET", OWN, "Ask for one's configuration"), gives(CONFIGURATION), caller=Caller.DEVICE
    ),
    Operation(
        *("PUT", OWN, "Report one's configuration"),
        done(),
        [400],
        body=VALUES,
        caller=Caller.DEVICE,
    ),
    Operation(
        *("GET", DOWNLOAD, "Fetch a configuration as an artifact, by a signed link"),
        gives(ANYTHING, "The artifact.", media_type=FILE) | PART,
        [400, 403, 404, 416],
        SIGNED,
        caller=Caller.ANYBODY,
    ),
    Operation(*("GET", ONE, "Show the configuration of a device"), gives(SHOWN), [400, 404]),
    Operation(*("PUT", ONE, "Configure a device"), done(), [400, 404], body=VALUES),
    Operation(
        *("POST", f"{ONE}/deploy", "Deploy the configuration of a device"),
        gives(record({"deployment_id": ID})),
        [400, 404],
        body=sends(
            asked({}, {"retries": COUNT, "update_control_map": CONTROL_MAP}), is_required=False
        ),
    ),
]
