"""The update of an appliance, as its calls are described."""

from api.npm.openapi.operations import BASE, Operation
from api.openapi.operations import Body, gives
from api.openapi.schema import COUNT, TEXT, WHOLE, Schema, array, asked, choice, record, ref
from deployments.device_update.states import UpdateState

UPDATE = f"{BASE}/update"
VERBS = ("POST", "PUT")
STATES = [state.upper() for state in UpdateState.values]

SCHEMAS: dict[str, Schema] = {
    "Update": record(
        {
            "state": choice(*STATES),
            "state_description": TEXT,
            "last_state_time": COUNT,
            "update_history": array(ref("Installation"), minItems=1),
        },
        {"target_version": TEXT},
    ),
    "Installation": record({"time": COUNT}, {"version": TEXT}),
}

OPERATIONS: list[Operation] = [
    Operation("GET", UPDATE, "Show the update", gives(ref("Update"))),
    *(
        Operation(
            *(
                verb,
                f"{UPDATE}/init",
                "Prepare an update to an image, the newest unless one is named",
            ),
            gives(ref("Update")),
            [404, 409],
            body=Body(asked({}, {"image": WHOLE}), is_required=False),
        )
        for verb in VERBS
    ),
    *(
        Operation(verb, f"{UPDATE}/start", "Let it begin", gives(ref("Update")), [409])
        for verb in VERBS
    ),
    *(
        Operation(
            *(verb, f"{UPDATE}/reset", "Take it back, or acknowledge that it failed"),
            gives(ref("Update")),
            [409],
        )
        for verb in VERBS
    ),
]
