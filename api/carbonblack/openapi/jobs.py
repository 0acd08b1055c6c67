"""Sensor Update Services, v3. Source: the seed."""

from api.carbonblack.bodies import MAX_ROWS, MOST_SORTED, ORDERS
from api.carbonblack.jobs import MAX_NAME, MAX_VERSION
from api.carbonblack.openapi.operations import (
    CRITERIA,
    JOBS,
    QUERY,
    Operation,
    found,
    one_or_many,
)
from api.carbonblack.sensors.asking import FORMATS
from api.carbonblack.sensors.columns import FIELDS
from api.carbonblack.words import FAILURES, JOB_TYPES, KIT_TYPES, JobStatus, SensorStatus
from api.openapi.operations import Answer, done, gives, sends
from api.openapi.schema import (
    COUNT,
    ID,
    TEXT,
    TIME,
    Schema,
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

KIT = choice(*KIT_TYPES)
BY_KIT: Schema = {"type": "object", "propertyNames": KIT}
JOB = record(
    {
        "id": ID,
        "org_key": TEXT,
        "name": TEXT,
        "login_name": TEXT,
        "client_ip": TEXT,
        "create_time": TIME,
        "start_time": nullable(TIME),
        "end_time": nullable(TIME),
        "status": choice(*JobStatus),
        "percent_complete": whole(0, 100),
        "targeted": COUNT,
        "updated": COUNT,
        "pending": COUNT,
        "processing": COUNT,
        "failed": COUNT,
        "failed_sensor_counts": record({str(each): COUNT for each in FAILURES}),
        "sensor_versions": BY_KIT | {"additionalProperties": TEXT},
        "current_sensor_versions": BY_KIT | {"additionalProperties": mapping(COUNT)},
        "job_type": choice(*JOB_TYPES),
    }
)
SENSOR = record(
    {
        "device_id": COUNT,
        "device_name": TEXT,
        "status": choice(*SensorStatus),
        "reason": TEXT,
        "current_version": TEXT,
        "update_version": TEXT,
        "start_time": TEXT,
        "update_time": TEXT,
        "sensor_kit_type": KIT,
    }
)
SCHEMAS = {"Job": JOB, "Sensor": SENSOR}
NAME = text(least=1, most=MAX_NAME)
VERSIONS = BY_KIT | {
    "additionalProperties": text(least=1, most=MAX_VERSION),
    "minProperties": 1,
}
IDS = one_or_many(whole(1, 2**31 - 1))
CREATED = asked(
    {"name": NAME, "options": asked({"sensor_version": VERSIONS})},
    {
        "job_type": choice(*JOB_TYPES),
        "search_definition": asked({}, {"criteria": CRITERIA, "query": QUERY}),
        "device_ids": IDS,
        "device_id": IDS,
    },
)
PAGE = {"rows": whole(0, MAX_ROWS), "start": COUNT}
SORT = array(
    asked({"field": choice(*FIELDS, "version")}, {"order": choice(*ORDERS)}), maxItems=MOST_SORTED
)
SENSORS = {
    "criteria": asked(
        {},
        {
            "sensor_kit_type": one_or_many(KIT),
            "status": one_or_many(choice(*SensorStatus)),
            "version": one_or_many(TEXT),
        },
    ),
    "query": QUERY,
    "sort": SORT,
    "format": choice(*FORMATS),
}
OPERATIONS = [
    Operation(
        "POST",
        JOBS,
        "Create a job that updates all sensors that match, or that are named",
        gives(ref("Job"), "The job, as it was accepted."),
        [400],
        body=sends(CREATED),
    ),
    Operation(
        "POST",
        f"{JOBS}/_search",
        "Search jobs by their type and name",
        gives(found(ref("Job"))),
        [400],
        body=sends(
            asked(
                {},
                {"criteria": asked({}, {"job_type": one_or_many(choice(*JOB_TYPES))})}
                | {"query": QUERY}
                | PAGE,
            )
        ),
    ),
    Operation("GET", f"{JOBS}/{{job_id}}", "Get a job", gives(ref("Job")), [404]),
    Operation(
        "PUT",
        f"{JOBS}/{{job_id}}",
        "Give a job another name",
        gives(ref("Job")),
        [400, 404],
        body=sends(asked({"name": NAME})),
    ),
    Operation(
        "DELETE",
        f"{JOBS}/{{job_id}}",
        "Stop a job: who has begun goes on, nobody else begins",
        done(),
        [400, 404],
    ),
    Operation(
        "POST",
        f"{JOBS}/{{job_id}}/sensors/_search",
        "Search the sensors of a job",
        {200: Answer("One page.", found(ref("Sensor")), also=["text/csv"])},
        [400, 404],
        body=sends(asked({}, SENSORS | PAGE)),
    ),
    Operation(
        "POST",
        f"{JOBS}/{{job_id}}/sensors/_export",
        "Have all sensors that match written to a file",
        {202: Answer("It is begun.", record({"job_service_id": whole(1)}))},
        [400, 404],
        body=sends(asked({}, SENSORS)),
    ),
]
