"""Actions of targets, and assigning. Source: the seed, below /rest/v1/targets; hawkBit, actions."""

from api.hawkbit.openapi.components import FORCE_TYPE
from api.hawkbit.openapi.operations import (
    LIST,
    PAGES,
    ROOT,
    Operation,
    in_path,
    paged,
    takes,
    takes_many,
)
from api.hawkbit.openapi.targets import NONE, TARGET
from api.openapi.operations import Answer, done, gives, query
from api.openapi.schema import COUNT, FLAG, TEXT, Schema, array, asked, choice, either, ref, whole

ACTIONS = f"{TARGET}/actions"
ACTION = f"{ACTIONS}/{{action_id}}"
ALL = f"{ROOT}/actions"
ONE = f"{ALL}/{{action_id}}"
SET_TARGETS = f"{ROOT}/distributionsets/{{set_id}}/assignedTargets"
ID, SET_ID = in_path("action_id"), in_path("set_id")
IDS = array(COUNT)
REPRESENTATION = query(representation=choice("compact", "full"))
WINDOW = asked({}, {"schedule": TEXT, "duration": TEXT, "timezone": TEXT})
HOW: dict[str, Schema] = {
    "type": FORCE_TYPE,
    "forcetime": whole(0, 10**14),
    "weight": whole(0, 1000),
    "maintenanceWindow": WINDOW,
    "confirmationRequired": FLAG,
}
OFFLINE = query(offline=FLAG)

# With the error body, or without one where the action is another target's.
OTHERS = {404: Answer("Not Found")}

OPERATIONS = [
    Operation("GET", ACTIONS, "List its actions", paged(ref("ActionEntry")), [400, 404], LIST),
    Operation(
        *("DELETE", ACTIONS, "Delete some of its actions"),
        done(),
        [400, 404, 405],
        query(keepLast=COUNT),
        takes(IDS, is_required=False),
    ),
    Operation("GET", ACTION, "Show an action", gives(ref("Action")) | OTHERS, [404], in_path=ID),
    Operation(
        *("PUT", ACTION, "Force an action"),
        gives(ref("Action")) | OTHERS,
        [400, 404],
        body=takes(asked({"forceType": choice("forced")})),
        in_path=ID,
    ),
    Operation(
        *("DELETE", ACTION, "Cancel an action"),
        done() | OTHERS,
        [404, 405],
        query(force=FLAG),
        in_path=ID,
    ),
    Operation(
        *("PUT", f"{ACTION}/confirmation", "Confirm or deny an action"),
        done() | OTHERS | {410: Answer("It is closed.")},
        [400, 404],
        body=takes(
            asked(
                {"confirmation": choice("confirmed", "denied")},
                {"code": whole(-(2**31), 2**31 - 1), "details": array(TEXT)},
            )
        ),
        in_path=ID,
    ),
    Operation(
        *("GET", f"{ACTION}/status", "List the history of an action"),
        paged(ref("ActionStatus")) | OTHERS,
        [400, 404],
        PAGES,
        in_path=ID,
    ),
    Operation(
        *("GET", f"{TARGET}/assignedDS", "Show what is assigned"),
        gives(ref("DistributionSet")) | NONE,
        [404],
    ),
    Operation(
        *("POST", f"{TARGET}/assignedDS", "Assign a distribution set"),
        gives(ref("Assignment")),
        [400, 403, 404],
        OFFLINE,
        takes_many({"id": COUNT}, HOW),
    ),
    Operation(
        *("GET", SET_TARGETS, "List the targets that a set is assigned to"),
        paged(ref("TargetEntry")),
        [400, 404],
        LIST,
        in_path=SET_ID,
    ),
    Operation(
        *("POST", SET_TARGETS, "Assign a set to targets"),
        gives(ref("Assignment")),
        [400, 403, 404],
        OFFLINE,
        takes_many({"id": TEXT}, HOW),
        in_path=SET_ID,
    ),
    Operation(
        *("GET", ALL, "List the actions of all targets"),
        paged(either(ref("ActionEntry"), ref("Action"))),
        [400],
        [*LIST, *REPRESENTATION],
    ),
    Operation(
        *("DELETE", ALL, "Delete actions"),
        done(),
        [400, 405],
        query(q=TEXT),
        takes(IDS, is_required=False),
    ),
    Operation("GET", ONE, "Show an action", gives(ref("Action")), [404], in_path=ID),
    Operation("DELETE", ONE, "Delete an action", done(), [404, 405], in_path=ID),
]
