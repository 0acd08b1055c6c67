"""Source: Mender API, Deployments (management) v1 and v2, releases."""

from api.mender.openapi.artifacts import WAYS
from api.mender.openapi.operations import (
    MANAGEMENT,
    PAGED,
    Answer,
    Operation,
    done,
    gives,
    lists,
    pages,
    query,
    sends,
)
from api.openapi.schema import COUNT, ID, TEXT, TIME, array, asked, choice, record, ref, text

V2 = f"{MANAGEMENT}/v2/deployments"
RELEASES = f"{MANAGEMENT}/v1/deployments/deployments/releases"
RELEASES_V2 = f"{V2}/deployments/releases"
RELEASE = f"{RELEASES_V2}/{{release_name}}"
ORDERS = [name + way for name in ("name", "modified", "artifacts_count", "tags") for way in WAYS]
RELEASE_FILTERS = query(
    name=TEXT,
    description=TEXT,
    device_type=TEXT,
    update_type=TEXT,
    tag=array(TEXT),
    sort=choice(*ORDERS),
)
RELEASE_SHAPE = record(
    {
        "name": TEXT,
        "modified": TIME,
        "notes": TEXT,
        "tags": array(TEXT),
        "artifacts": array(ref("Artifact")),
        "artifacts_count": COUNT,
    }
)
IN_USE = Answer(
    "One of them is in use; none is deleted.",
    record({"error": TEXT, "request_id": TEXT, "active_deployments": array(ID)}),
)

OPERATIONS = [
    Operation(
        *("GET", RELEASES, "List all releases"),
        lists(ref("Release")),
        [400],
        RELEASE_FILTERS,
        is_deprecated=True,
    ),
    Operation(
        *("GET", f"{RELEASES}/list", "List releases"),
        pages(ref("Release")),
        [400],
        [*RELEASE_FILTERS, *PAGED],
    ),
    Operation(
        *("GET", RELEASES_V2, "List releases"),
        pages(RELEASE_SHAPE),
        [400],
        [*RELEASE_FILTERS, *PAGED],
    ),
    Operation(
        *("DELETE", RELEASES_V2, "Delete releases"),
        {**done(), 409: IN_USE},
        [400],
        query(name=TEXT),
    ),
    Operation(*("GET", RELEASE, "Show a release"), gives(RELEASE_SHAPE), [404]),
    Operation(
        *("PATCH", RELEASE, "Annotate a release"),
        done(),
        [400, 404],
        body=sends(asked({}, {"notes": text(most=1024)})),
    ),
    Operation(
        *("PUT", f"{RELEASE}/tags", "Replace the tags of a release"),
        done(),
        [400, 404, 409],
        body=sends(array(text(least=1, most=64))),
    ),
    Operation(*("GET", f"{V2}/releases/all/tags", "List the tags of releases"), lists(TEXT)),
    Operation(*("GET", f"{V2}/releases/all/types", "List the types of payloads"), lists(TEXT)),
]
