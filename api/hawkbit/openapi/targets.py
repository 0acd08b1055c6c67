"""Targets and what each of them has. Source: the seed, /rest/v1/targets."""

from api.hawkbit.openapi.operations import (
    LIST,
    ROOT,
    Operation,
    made,
    paged,
    takes,
    takes_many,
)
from api.openapi.operations import Answer, done, gives, lists
from api.openapi.schema import COUNT, FLAG, TEXT, Schema, array, asked, ref, text, whole

TARGETS = f"{ROOT}/targets"
TARGET = f"{TARGETS}/{{controller_id}}"
METADATA = f"{TARGET}/metadata"
ENTRY = f"{METADATA}/{{key}}"
AUTO_CONFIRM = f"{TARGET}/autoConfirm"
CHANGE: dict[str, Schema] = {
    "name": text(least=1, most=128),
    "description": text(most=512),
    "address": text(most=512),
    "securityToken": text(least=1, most=128),
    "targetType": whole(-1, 2**31 - 1),
}
NONE = {204: Answer("There is none.")}
VALUE = text(most=4000)

OPERATIONS = [
    Operation("GET", TARGETS, "List targets", paged(ref("TargetEntry")), [400], LIST),
    Operation(
        *("POST", TARGETS, "Add targets"),
        made(array(ref("TargetEntry"))),
        [400, 403, 404, 409],
        body=takes_many({"controllerId": text(least=1, most=256)}, CHANGE | {"group": TEXT}),
    ),
    Operation("GET", TARGET, "Show a target", gives(ref("Target")), [404]),
    Operation(
        *("PUT", TARGET, "Change a target"),
        # A refusal to stop asking for attributes has no body.
        gives(ref("Target")) | {400: Answer("Bad Request")},
        [404],
        body=takes(asked({}, {**CHANGE, "requestAttributes": FLAG})),
    ),
    Operation("DELETE", TARGET, "Delete a target", done(), [404]),
    Operation(
        *("GET", f"{TARGET}/attributes", "Show its attributes"),
        gives(ref("Attributes")) | NONE,
        [404],
    ),
    Operation("GET", f"{TARGET}/tags", "Show its tags", lists(ref("TagEntry")), [404]),
    Operation(
        *("POST", f"{TARGET}/targettype", "Give it a type"),
        done(),
        [400, 404],
        body=takes(asked({"id": COUNT})),
    ),
    Operation("DELETE", f"{TARGET}/targettype", "Take its type away", done(), [404]),
    Operation(
        *("GET", f"{TARGET}/installedDS", "Show what is installed"),
        gives(ref("DistributionSet")) | NONE,
        [404],
    ),
    Operation(
        "GET", AUTO_CONFIRM, "Whether it confirms by itself", gives(ref("AutoConfirm")), [404]
    ),
    Operation(
        *("POST", f"{AUTO_CONFIRM}/activate", "Let it confirm by itself"),
        done(),
        [400, 404, 409],
        body=takes(
            asked({}, {"initiator": text(most=512), "remark": text(most=512)}), is_required=False
        ),
    ),
    Operation(
        *("POST", f"{AUTO_CONFIRM}/deactivate", "Let it confirm by itself no more"), done(), [404]
    ),
    Operation("GET", METADATA, "List its metadata", paged(ref("Metadata")), [400, 404], LIST),
    Operation(
        *("POST", METADATA, "Add metadata"),
        made(array(ref("Metadata"))),
        [400, 403, 404, 409],
        body=takes_many({"key": text(least=1, most=128), "value": VALUE}),
    ),
    Operation("GET", ENTRY, "Show metadata", gives(ref("Metadata")), [404]),
    Operation(
        *("PUT", ENTRY, "Change metadata"),
        gives(ref("Metadata")),
        [400, 404],
        body=takes(asked({"value": VALUE}, {"key": TEXT})),
    ),
    Operation("DELETE", ENTRY, "Delete metadata", done(), [404]),
]
