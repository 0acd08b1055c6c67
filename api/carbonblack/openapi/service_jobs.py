"""The Job Service, v1, as far as exports go. Source: Carbon Black, Job Service API."""

from api.carbonblack.openapi.operations import SERVICE_JOBS, Operation, found
from api.openapi.operations import Answer, gives
from api.openapi.schema import COUNT, TEXT, TIME, array, choice, mapping, record, ref, whole

PROGRESS = record(
    {
        "num_total": COUNT,
        "num_completed": COUNT,
        "message": choice("QUEUED", "IN_PROGRESS", "FINISHED"),
    }
)
SERVICE_JOB = record(
    {
        "id": whole(1),
        "type": TEXT,
        "job_parameters": mapping(),
        "connector_id": TEXT,
        "org_key": TEXT,
        "status": choice("CREATED", "COMPLETED", "FAILED"),
        "progress": PROGRESS,
        "create_time": TIME,
        "last_update_time": TIME,
    },
    {"errors": array(TEXT)},
)
SCHEMAS = {"ServiceJob": SERVICE_JOB}
OPERATIONS = [
    Operation("GET", SERVICE_JOBS, "List one's own exports", gives(found(ref("ServiceJob")))),
    Operation(
        "GET", f"{SERVICE_JOBS}/{{number}}", "Get an export", gives(ref("ServiceJob")), [404]
    ),
    Operation(
        "GET",
        f"{SERVICE_JOBS}/{{number}}/progress",
        "See how far an export is",
        gives(PROGRESS),
        [404],
    ),
    Operation(
        "GET",
        f"{SERVICE_JOBS}/{{number}}/download",
        "Fetch the file of an export",
        {200: Answer("The file.", {}, also=["text/csv"])},
        [404],
    ),
]
