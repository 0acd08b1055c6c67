"""Source: the inventory service of the Mender server, which its API presumes."""

from api.mender.openapi.components import ADMISSION, VALUE
from api.mender.openapi.operations import (
    MANAGEMENT,
    PAGED,
    Answer,
    Operation,
    Parameter,
    creates,
    done,
    gives,
    lists,
    pages,
    query,
    sends,
)
from api.openapi.schema import (
    ANYTHING,
    COUNT,
    ID,
    TEXT,
    array,
    asked,
    choice,
    mapping,
    nullable,
    record,
    ref,
    text,
    whole,
)
from fleet.filters import MOST_TERMS, TYPES

V1, V2 = f"{MANAGEMENT}/v1/inventory", f"{MANAGEMENT}/v2/inventory"
ONE = f"{V1}/devices/{{device_id}}"
GROUP = f"{V1}/groups/{{name}}/devices"
SAVED = f"{V2}/filters/{{filter_id}}"
IDS = sends(array(TEXT, minItems=1))
COUNTED = gives(record({"matched_count": COUNT, "updated_count": COUNT}))
DEVICE = {200: Answer("As asked.", ref("InventoryDevice"), headers=["ETag"])}
TAGS = sends(
    array(
        asked({"name": text(least=1, most=1024), "value": VALUE}, {"description": text(most=4096)})
    )
)
TAGGED = {200: Answer("Done.", headers=["ETag"])}
IF_MATCH = [Parameter("If-Match", TEXT, place="header")]
FIELD = {"scope": TEXT, "attribute": TEXT}
TERMS = array(asked(FIELD | {"type": choice(*TYPES), "value": ANYTHING}), maxItems=MOST_TERMS)
SEARCH = asked(
    {},
    {
        "page": whole(1, 10**9),
        "per_page": whole(1, 500),
        "filters": TERMS,
        "sort": array(asked(FIELD, {"order": choice("asc", "desc")}), maxItems=10),
        "attributes": array(asked(FIELD)),
        "device_ids": array(TEXT),
        "text": text(most=256),
    },
)
FOUND = {200: Answer("One page.", array(ref("InventoryDevice")), headers=["X-Total-Count"])}
FILTER = record({"id": ID, "name": TEXT, "terms": array(mapping())})

DEVICES = [
    Operation(
        *("GET", f"{V1}/devices", "List what is known of devices"),
        pages(ref("InventoryDevice")),
        [400],
        [*query(group=TEXT, has_group=choice("true", "false"), sort=TEXT), *PAGED],
    ),
    Operation(*("GET", ONE, "Show what is known of a device"), DEVICE, [404]),
    Operation(*("DELETE", ONE, "Forget what is known of a device"), done(), [404]),
    *(
        Operation(
            *(method, f"{ONE}/tags", summary), TAGGED, [400, 404, 412], body=TAGS, headers=IF_MATCH
        )
        for method, summary in [
            ("PUT", "Replace the tags of a device"),
            ("PATCH", "Add to the tags of a device"),
        ]
    ),
]
GROUPS = [
    Operation(
        *("GET", f"{ONE}/group", "Show the group of a device"),
        gives(record({"group": nullable(TEXT)})),
        [404],
    ),
    Operation(
        *("PUT", f"{ONE}/group", "Put a device into a group"),
        done(),
        [400, 404],
        body=sends(asked({"group": text(least=1, most=1024)})),
    ),
    Operation(*("DELETE", f"{ONE}/group/{{name}}", "Take a device out of a group"), done(), [404]),
    Operation(*("GET", f"{V1}/groups", "List groups"), lists(TEXT), [400], query(status=ADMISSION)),
    Operation(*("DELETE", f"{V1}/groups/{{name}}", "Dissolve a group"), done(), [404]),
    Operation(*("GET", GROUP, "List the devices of a group"), pages(ID), [400, 404], PAGED),
    Operation(*("PATCH", GROUP, "Put devices into a group"), COUNTED, [400, 404], body=IDS),
    Operation(*("DELETE", GROUP, "Take devices out of a group"), COUNTED, [400, 404], body=IDS),
]
FILTERS = [
    Operation(
        *("GET", f"{V2}/filters/attributes", "List the attributes in use"),
        lists(record({"name": TEXT, "scope": TEXT, "count": COUNT})),
    ),
    Operation(
        *("POST", f"{V2}/filters/search", "Search what is known of devices"),
        FOUND,
        [400],
        body=sends(SEARCH),
    ),
    Operation(
        *("GET", f"{V2}/statistics", "Count devices"),
        gives(record({"devices_by_status": mapping(mapping(COUNT))})),
    ),
    Operation(*("GET", f"{V2}/filters", "List saved filters"), pages(FILTER), [400], PAGED),
    Operation(
        *("POST", f"{V2}/filters", "Save a filter"),
        creates(),
        [400, 409],
        body=sends(asked({"name": text(least=1, most=256)}, {"terms": TERMS})),
    ),
    Operation(*("GET", SAVED, "Show a saved filter"), gives(FILTER), [404]),
    Operation(*("DELETE", SAVED, "Delete a saved filter"), done(), [404, 409]),
    Operation(
        *("GET", f"{SAVED}/search", "List the devices that match a saved filter"),
        pages(ref("InventoryDevice")),
        [400, 404],
        PAGED,
    ),
]
OPERATIONS = [*DEVICES, *GROUPS, *FILTERS]
