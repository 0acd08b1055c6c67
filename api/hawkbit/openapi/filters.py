"""Target filters and what they assign by themselves. Source: hawkBit's management API."""

from api.hawkbit.openapi.components import FORCE_TYPE
from api.hawkbit.openapi.operations import LIST, ROOT, Operation, in_path, made, paged, takes
from api.openapi.operations import Answer, done, gives
from api.openapi.schema import COUNT, FLAG, Schema, asked, ref, text, whole

FILTERS, FILTER = f"{ROOT}/targetfilters", f"{ROOT}/targetfilters/{{filter_id}}"
ASSIGNED = f"{FILTER}/autoAssignDS"
ID = in_path("filter_id")
FACTS: dict[str, Schema] = {
    "name": text(least=1, most=128),
    "query": text(least=1, most=1024),
}

OPERATIONS = [
    Operation("GET", FILTERS, "List filters", paged(ref("TargetFilter")), [400], LIST),
    Operation(
        *("POST", FILTERS, "Keep a filter"),
        made(ref("TargetFilter")),
        [400, 403, 409],
        body=takes(asked(FACTS)),
    ),
    Operation("GET", FILTER, "Show a filter", gives(ref("TargetFilter")), [404], in_path=ID),
    Operation(
        *("PUT", FILTER, "Change a filter"),
        gives(ref("TargetFilter")),
        [400, 403, 404, 409],
        body=takes(asked({}, FACTS)),
        in_path=ID,
    ),
    Operation("DELETE", FILTER, "Delete a filter", done(), [404], in_path=ID),
    Operation(
        *("GET", ASSIGNED, "Show what it assigns"),
        gives(ref("DistributionSet")) | {204: Answer("There is none.")},
        [404],
        in_path=ID,
    ),
    Operation(
        *("POST", ASSIGNED, "Let it assign a set"),
        gives(ref("TargetFilter")),
        [400, 403, 404],
        body=takes(
            asked(
                {"id": COUNT},
                {"type": FORCE_TYPE, "weight": whole(0, 1000), "confirmationRequired": FLAG},
            )
        ),
        in_path=ID,
    ),
    Operation("DELETE", ASSIGNED, "Let it assign nothing", done(), [404], in_path=ID),
    Operation(
        *("GET", f"{ROOT}/distributionsets/{{set_id}}/autoAssignTargetFilters"),
        "List the filters that assign a set",
        paged(ref("TargetFilter")),
        [400, 404],
        LIST,
        in_path=in_path("set_id"),
    ),
]
