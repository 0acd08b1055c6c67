"""Source: Mender API, Device monitor."""

from api.mender.openapi.operations import (
    DEVICES,
    MANAGEMENT,
    PAGED,
    Caller,
    Operation,
    done,
    lists,
    pages,
    period,
    query,
    sends,
)
from api.openapi.schema import (
    ID,
    TEXT,
    TIME,
    Schema,
    array,
    asked,
    choice,
    either,
    mapping,
    record,
    text,
)

DEVICE = f"{DEVICES}/v1/devicemonitor"
ONE = f"{MANAGEMENT}/v1/devicemonitor/devices/{{device_id}}"
LEVEL = choice("OK", "CRITICAL")
NAME, WORD = text(least=1, most=1024), text(least=1, most=256)
SUBJECT = asked({"name": NAME, "type": WORD, "status": WORD}, {"details": mapping()})
NEW_ALERT = asked({"name": NAME, "level": LEVEL, "timestamp": TIME, "subject": SUBJECT})
NEW_MONITOR = asked({"name": TEXT, "status": TEXT, "type": TEXT})
ALERT = record(
    {
        "id": ID,
        "device_id": ID,
        "name": TEXT,
        "level": LEVEL,
        "timestamp": TIME,
        "subject": record({"name": TEXT, "type": TEXT, "status": TEXT}, {"details": mapping()}),
    }
)
MONITOR = record({"name": TEXT, "status": TEXT, "type": TEXT})


def one_or_many(schema: Schema) -> Schema:
    """The schema of the documentation has an object where its example has a list."""
    return either(array(schema, maxItems=500), schema)


OPERATIONS = [
    Operation(
        *("POST", f"{DEVICE}/alert", "Raise or clear alerts"),
        done(),
        [400],
        body=sends(one_or_many(NEW_ALERT)),
        caller=Caller.DEVICE,
    ),
    Operation(
        *("POST", f"{DEVICE}/config", "Tell the monitors"),
        done(),
        [400],
        body=sends(one_or_many(NEW_MONITOR)),
        caller=Caller.DEVICE,
    ),
    Operation(
        *("GET", f"{ONE}/alerts", "List the alerts of a device"),
        pages(ALERT),
        [400, 404],
        [*period("issued"), *query(sort_ascending=choice("true", "false")), *PAGED],
    ),
    Operation(
        *("GET", f"{ONE}/alerts/latest", "List the last word of each monitor"),
        pages(ALERT),
        [400, 404],
        PAGED,
    ),
    Operation(*("GET", f"{ONE}/config", "List the monitors of a device"), lists(MONITOR), [404]),
]
