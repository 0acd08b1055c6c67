"""Source: Mender API, Audit Logs service."""

from api.mender.openapi.operations import MANAGEMENT, PAGED, PERIOD, Operation, gives, pages, query
from api.openapi.schema import TEXT, TIME, array, choice, record, text, whole

BASE = f"{MANAGEMENT}/v1/auditlogs"
ACTORS, OBJECTS = (
    ("user", "device", "system"),
    (
        *("user", "deployment", "device", "artifact"),
        *("user_access_token", "role", "tenant", "release"),
    ),
)
FILTERS = [
    *query(
        actor_id=TEXT,
        actor_type=choice(*ACTORS),
        actor_email=TEXT,
        object_id=TEXT,
        object_type=choice(*OBJECTS),
        object_deployment_name=TEXT,
        sort=choice("asc", "desc"),
        all=choice("true", "false"),
    ),
    *PERIOD,
]
ACTOR = record({"id": TEXT, "type": choice(*ACTORS)}, {"email": TEXT, "identity_data": TEXT})
OBJECT = record(
    {"id": TEXT, "type": TEXT},
    {
        "user": record({"email": TEXT}),
        "deployment": record({"name": TEXT, "artifact_name": TEXT}),
        "device": record({"id": TEXT, "identity_data": TEXT}),
        "artifact": record({"name": TEXT}),
    },
)
ENTRY = record({"actor": ACTOR, "time": TIME, "action": TEXT, "object": OBJECT}, {"change": TEXT})

OPERATIONS = [
    Operation(*("GET", f"{BASE}/logs", "The audit log"), pages(ENTRY), [400], [*PAGED, *FILTERS]),
    Operation(
        *("GET", f"{BASE}/logs/export", "The audit log as a table"),
        gives(TEXT, "A line for each entry, in chunks.", media_type="text/csv"),
        [400],
        [
            *query(limit=whole(1), format_separator=text(most=16), ignore=array(TEXT)),
            *FILTERS,
        ],
    ),
]
