"""The Devices API, v6, as far as sensor updates need it. Source: Carbon Black, Devices API."""

from api.carbonblack.bodies import MOST_SORTED, ORDERS
from api.carbonblack.openapi.jobs import IDS, KIT, VERSIONS
from api.carbonblack.openapi.operations import QUERY, VALUES, Operation, found, one_or_many
from api.carbonblack.search.sorting import ADMISSIONS, KEYS
from api.carbonblack.search.words import DeploymentType, DeviceStatus, Os, TargetPriority
from api.carbonblack.views.devices import ACTIONS, MAX_ROWS
from api.carbonblack.words import KIT_TYPES
from api.openapi.operations import done, gives, sends
from api.openapi.schema import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    array,
    asked,
    choice,
    either,
    nullable,
    record,
    ref,
    whole,
)

ROOT = "/appservices/v6/orgs/{org_key}"
DEVICE = record(
    {
        "id": whole(1),
        "organization_id": COUNT,
        "organization_name": TEXT,
        "name": TEXT,
        "os": choice(*Os.values),
        "os_version": TEXT,
        "sensor_version": TEXT,
        "sensor_kit_type": KIT,
        "sensor_out_of_date": FLAG,
        "status": choice(*ADMISSIONS),
        "deployment_type": choice(*DeploymentType.values),
        "policy_id": COUNT,
        "policy_name": TEXT,
        "target_priority": choice(*TargetPriority.values),
        "last_contact_time": nullable(TIME),
        "registered_time": TIME,
        "quarantined": FLAG,
        "passive_mode": FLAG,
    }
)
SCHEMAS = {"Device": DEVICE}
CONTACT = either(asked({"start": TEXT, "end": TEXT}), asked({"range": TEXT}))
CRITERIA = asked(
    {},
    {
        "id": VALUES,
        "name": VALUES,
        "os": one_or_many(choice(*Os.values)),
        "os_version": VALUES,
        "sensor_version": VALUES,
        "sensor_kit_type": one_or_many(choice(*KIT_TYPES)),
        "deployment_type": one_or_many(choice(*DeploymentType.values)),
        "policy_id": VALUES,
        "policy_name": VALUES,
        "target_priority": one_or_many(choice(*TargetPriority.values)),
        "last_contact_time": CONTACT,
        "status": one_or_many(choice(*DeviceStatus.values)),
    },
)
SEARCH = {"criteria": CRITERIA, "exclusions": CRITERIA, "query": QUERY}
SORT = array(asked({"field": choice(*KEYS)}, {"order": choice(*ORDERS)}), maxItems=MOST_SORTED)
OPERATIONS = [
    Operation(
        "POST",
        f"{ROOT}/devices/_search",
        "Search devices",
        gives(found(ref("Device"))),
        body=sends(asked({}, {**SEARCH, "rows": whole(0, MAX_ROWS), "start": COUNT, "sort": SORT})),
    ),
    Operation("GET", f"{ROOT}/devices/{{device_id}}", "Get a device", gives(ref("Device")), [404]),
    Operation(
        "POST",
        f"{ROOT}/device_actions",
        "Create a job that updates the sensors that are named, or that a search finds",
        done(),
        body=sends(
            asked(
                {
                    "action_type": choice(*ACTIONS),
                    "options": asked({"sensor_version": VERSIONS}),
                },
                {"device_id": IDS, "search": asked({}, SEARCH)},
            )
        ),
    ),
]
