"""Source: Mender API, Deployments (management)."""

from api.mender.openapi.components import DEVICE_STATE, NAMES, NEW_DEPLOYMENT
from api.mender.openapi.operations import (
    MANAGEMENT,
    PAGED,
    PERIOD,
    Caller,
    Operation,
    creates,
    done,
    gives,
    lists,
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
    text,
    whole,
)

V1 = f"{MANAGEMENT}/v1/deployments/deployments"
V2 = f"{MANAGEMENT}/v2/deployments/deployments"
ONE = f"{V1}/{{deployment_id}}"
STATUS = choice("inprogress", "finished", "pending", "scheduled", "aborted")
KIND = choice("software", "configuration")
ORDER = choice("asc", "desc")
TARGETS = {
    "devices": array(text(least=1)),
    "all_devices": FLAG,
    "filter_id": TEXT,
    "max_devices": COUNT,
}
IDS = array(TEXT, maxItems=100)
FEW = query(page=whole(1), per_page=whole(1, 20))
LISTED = [*query(status=STATUS, type=KIND, sort=ORDER), *PERIOD, *PAGED]
EXACTLY = query(name=array(TEXT, maxItems=100), id=array(TEXT, maxItems=100))
MANY = choice("pause", "active", "finished")

OPERATIONS = [
    Operation(
        *("GET", V1, "List deployments"),
        pages(ref("Deployment")),
        [400],
        [*LISTED, *query(search=TEXT)],
    ),
    Operation(
        *("GET", V2, "List deployments, version 2"),
        pages(ref("Deployment")),
        [400],
        [*LISTED, *EXACTLY],
    ),
    Operation(
        *("POST", V2, "Create a deployment for the devices that match a filter"),
        creates(),
        [400, 409, 422],
        body=sends(
            asked(NAMES | {"filter_id": ID}, {"max_devices": COUNT, **NEW_DEPLOYMENT}),
        ),
    ),
    Operation(
        *("GET", f"{MANAGEMENT}/v1/deployments/config", "Show what is done to artifacts"),
        gives(record({"delta": record({"enabled": FLAG})})),
        caller=Caller.PERSON,
    ),
    Operation(
        *("GET", f"{V1}/devices/{{device_id}}", "List what a device has been through"),
        pages(
            record({"id": TEXT, "deployment": ref("Deployment"), "device": ref("DeploymentDevice")})
        ),
        [400, 404],
        [*query(status=either(DEVICE_STATE, MANY)), *FEW],
    ),
    Operation(
        *("DELETE", f"{V1}/devices/{{device_id}}/history", "Forget what a device has finished"),
        done(),
        [404],
    ),
    Operation(
        *("PATCH", ONE, "Change the update control map"),
        done(),
        [400, 404, 409],
        body=sends(asked({"update_control_map": mapping()})),
    ),
    Operation(
        *("POST", V1, "Create a deployment"),
        creates(),
        [400, 409, 422],
        body=sends(asked(NAMES, TARGETS | NEW_DEPLOYMENT)),
    ),
    Operation(
        *("POST", f"{V1}/group/{{name}}", "Create a deployment for a group"),
        creates(),
        [400, 409, 422],
        body=sends(asked(NAMES, NEW_DEPLOYMENT)),
    ),
    Operation(
        *("POST", f"{V1}/statistics/list", "Count the devices of several deployments"),
        lists(record({"id": ID, "stats": ref("DeploymentStatistics")})),
        [400, 404],
        body=sends(either(IDS, asked({"deployment_ids": IDS}))),
    ),
    Operation(
        *("DELETE", f"{V1}/devices/{{device_id}}", "Abort all that a device has to do"), done()
    ),
    Operation(*("GET", ONE, "Show a deployment"), gives(ref("Deployment")), [404]),
    Operation(
        *("PUT", f"{ONE}/status", "Abort a deployment"),
        done(),
        [400, 404, 422],
        body=sends(asked({"status": choice("aborted")})),
    ),
    Operation(
        *("GET", f"{ONE}/statistics", "Count the devices of a deployment"),
        gives(ref("DeploymentStatistics")),
        [404],
    ),
    Operation(
        *("GET", f"{ONE}/devices", "List all devices of a deployment"),
        lists(ref("DeploymentDevice")),
        [404],
        is_deprecated=True,
    ),
    Operation(
        *("GET", f"{ONE}/devices/list", "List devices of a deployment"),
        pages(ref("DeploymentDevice")),
        [400, 404],
        [*query(status=either(DEVICE_STATE, MANY)), *PAGED],
    ),
    Operation(
        *("GET", f"{ONE}/device_list", "List the devices a deployment is for"),
        lists(TEXT),
        [400, 404],
    ),
    Operation(
        *("GET", f"{ONE}/devices/{{device_id}}/log", "Show what a device logged"),
        gives(TEXT, "A line for each message.", media_type="text/plain"),
        [404],
    ),
]
