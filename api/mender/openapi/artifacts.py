"""Source: Mender API, Deployments (management), artifacts."""

from api.mender.openapi.operations import (
    MANAGEMENT,
    MULTIPART,
    PAGED,
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
    BYTES,
    COUNT,
    ID,
    TEXT,
    TIME,
    asked,
    choice,
    mapping,
    record,
    ref,
    text,
)

V1 = f"{MANAGEMENT}/v1/deployments"
V2 = f"{MANAGEMENT}/v2/deployments"
ARTIFACTS = f"{V1}/artifacts"
ONE = f"{ARTIFACTS}/{{artifact_id}}"
DIRECT = f"{ARTIFACTS}/directupload"
WAYS = ("", ":asc", ":desc")
ORDERS = [name + way for name in ("name", "modified") for way in WAYS]
FILTERS = query(name=TEXT, description=TEXT, device_type=TEXT, sort=choice(*ORDERS))

OPERATIONS = [
    Operation(
        *("GET", ARTIFACTS, "List all artifacts"),
        lists(ref("Artifact")),
        [400],
        FILTERS,
        is_deprecated=True,
    ),
    Operation(
        *("POST", ARTIFACTS, "Upload an artifact"),
        creates(),
        [400, 409, 413],
        body=sends(
            asked({"artifact": BYTES}, {"description": text(most=4096), "artifact_id": ID}),
            MULTIPART,
        ),
    ),
    Operation(
        *("GET", f"{ARTIFACTS}/list", "List artifacts"),
        pages(ref("Artifact")),
        [400],
        [*FILTERS, *PAGED],
    ),
    Operation(
        *("POST", f"{ARTIFACTS}/generate", "Make an artifact of a raw file"),
        creates("A job makes it."),
        [400, 413, 422],
        body=sends(
            asked(
                {
                    "name": text(least=1, most=256),
                    "device_types_compatible": TEXT,
                    "type": choice("single_file"),
                    "args": TEXT,
                    "file": BYTES,
                },
                {"description": text(most=4096)},
            ),
            MULTIPART,
        ),
    ),
    Operation(
        *("POST", DIRECT, "Announce an artifact that comes by a link"),
        gives(record({"id": ID, "uri": TEXT, "expire": TIME, "method": TEXT, "header": mapping()})),
    ),
    Operation(
        *("POST", f"{DIRECT}/{{upload_id}}/complete", "Have what came by the link read"),
        done(202, "A job reads it."),
        [404, 409],
    ),
    Operation(*("GET", ONE, "Show an artifact"), gives(ref("Artifact")), [400, 404]),
    Operation(
        *("PUT", ONE, "Describe an artifact"),
        done(),
        [400, 404, 422],
        body=sends(asked({}, {"description": text(most=4096)})),
    ),
    Operation(*("DELETE", ONE, "Delete an artifact"), done(), [404, 409]),
    Operation(
        *("GET", f"{ONE}/download", "Link to the file of an artifact"),
        gives(record({"uri": TEXT, "expire": TIME})),
        [400, 404],
    ),
    Operation(
        *("GET", f"{V1}/limits/storage", "Show the storage and its limit"),
        gives(record({"limit": COUNT, "usage": COUNT})),
    ),
    Operation(
        *("GET", f"{V2}/artifacts", "List artifacts by name"),
        pages(ref("Artifact"), is_counted=False),
        [400],
        [*FILTERS, *PAGED],
    ),
]
