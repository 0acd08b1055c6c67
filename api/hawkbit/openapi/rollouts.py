"""Rollouts and their deploy groups. Source: hawkBit's management API."""

from api.hawkbit.openapi.actions import REPRESENTATION
from api.hawkbit.openapi.components import FORCE_TYPE, NUMBER
from api.hawkbit.openapi.operations import LIST, ROOT, Operation, in_path, made, paged, takes
from api.openapi.operations import done, gives, query
from api.openapi.schema import (
    COUNT,
    FLAG,
    TEXT,
    Schema,
    array,
    asked,
    choice,
    either,
    ref,
    text,
    whole,
)

ROLLOUTS, ROLLOUT = f"{ROOT}/rollouts", f"{ROOT}/rollouts/{{rollout_id}}"
GROUPS = f"{ROLLOUT}/deploygroups"
GROUP = f"{GROUPS}/{{group_id}}"
ID, IDS = in_path("rollout_id"), in_path("rollout_id", "group_id")
CONDITION = asked({}, {"condition": choice("THRESHOLD"), "expression": TEXT})
CONDITIONS: dict[str, Schema] = {
    "successCondition": CONDITION,
    "successAction": asked({}, {"action": choice("NEXTGROUP", "PAUSE"), "expression": TEXT}),
    "errorCondition": CONDITION,
    "errorAction": asked({}, {"action": choice("PAUSE"), "expression": TEXT}),
}
NEW_GROUP = asked(
    {},
    {
        **CONDITIONS,
        "name": text(least=1, most=128),
        "description": text(most=512),
        "targetFilterQuery": TEXT,
        "targetPercentage": NUMBER,
        "confirmationRequired": FLAG,
    },
)
REMARK = query(remark=text(most=512))
VERBS = {
    "start": "Start a rollout",
    "pause": "Pause a rollout",
    "resume": "Resume a rollout",
    "stop": "Stop a rollout",
    "triggerNextGroup": "Start the next group",
}

OPERATIONS = [
    Operation(
        *("GET", ROLLOUTS, "List rollouts"),
        paged(either(ref("RolloutEntry"), ref("Rollout"))),
        [400],
        [*LIST, *REPRESENTATION],
    ),
    Operation(
        *("POST", ROLLOUTS, "Make a rollout"),
        made(ref("Rollout")),
        [400, 403, 404, 409],
        body=takes(
            asked(
                {
                    "name": text(least=1, most=128),
                    "targetFilterQuery": text(least=1, most=1024),
                    "distributionSetId": COUNT,
                },
                {
                    **CONDITIONS,
                    "description": text(most=512),
                    "amountGroups": whole(1, 500),
                    "groups": array(NEW_GROUP),
                    "type": FORCE_TYPE,
                    "forcetime": whole(0, 10**14),
                    "startAt": whole(0, 10**14),
                    "weight": whole(0, 1000),
                    "dynamic": FLAG,
                    "dynamicGroupTemplate": asked({}, {"nameSuffix": TEXT, "targetCount": COUNT}),
                    "confirmationRequired": FLAG,
                },
            )
        ),
    ),
    Operation("GET", ROLLOUT, "Show a rollout", gives(ref("Rollout")), [404], in_path=ID),
    Operation(
        *("PUT", ROLLOUT, "Rename a rollout"),
        gives(ref("Rollout")),
        [400, 403, 404, 409],
        body=takes(asked({}, {"name": text(least=1, most=128), "description": text(most=512)})),
        in_path=ID,
    ),
    Operation("DELETE", ROLLOUT, "Delete a rollout", done(), [404], in_path=ID),
    *(
        Operation(
            *("POST", f"{ROLLOUT}/{verb}", title),
            done(),
            # Whatever is wrong with an address is 400 by rule; stopping twice is not.
            [403, 404] if verb == "stop" else [400, 403, 404],
            in_path=ID,
        )
        for verb, title in VERBS.items()
    ),
    *(
        Operation(
            *("POST", f"{ROLLOUT}/{verb}", title), done(), [400, 403, 404], REMARK, in_path=ID
        )
        for verb, title in (("approve", "Approve a rollout"), ("deny", "Deny a rollout"))
    ),
    Operation(
        *("POST", f"{ROLLOUT}/retry", "Try again where it failed"),
        made(ref("Rollout")),
        [400, 403, 404, 409],
        in_path=ID,
    ),
    Operation(
        *("GET", GROUPS, "List the groups of a rollout"),
        paged(ref("DeployGroup")),
        [400, 404],
        [*LIST, *REPRESENTATION],
        in_path=ID,
    ),
    Operation("GET", GROUP, "Show a group", gives(ref("DeployGroup")), [404], in_path=IDS),
    Operation(
        *("GET", f"{GROUP}/targets", "List the targets of a group"),
        paged(ref("TargetEntry")),
        [400, 404],
        LIST,
        in_path=IDS,
    ),
]
