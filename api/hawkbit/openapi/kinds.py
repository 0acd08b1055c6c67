"""Target types, tags and groups. Source: hawkBit, its management API."""

from api.hawkbit.openapi.operations import (
    LIST,
    ROOT,
    Operation,
    in_path,
    made,
    paged,
    takes,
    takes_many,
)
from api.openapi.operations import Answer, done, gives, lists, query
from api.openapi.schema import (
    COUNT,
    FLAG,
    TEXT,
    Schema,
    array,
    asked,
    choice,
    either,
    record,
    ref,
    text,
)

TYPES, TYPE = f"{ROOT}/targettypes", f"{ROOT}/targettypes/{{type_id}}"
COMPATIBLE = f"{TYPE}/compatibledistributionsettypes"
TAGS, TAG = f"{ROOT}/targettags", f"{ROOT}/targettags/{{tag_id}}"
SET_TAGS, SET_TAG = f"{ROOT}/distributionsettags", f"{ROOT}/distributionsettags/{{tag_id}}"
GROUPS = f"{ROOT}/targetgroups"
MEMBERS = f"{GROUPS}/{{group}}/assigned"
TYPE_ID, TAG_ID = in_path("type_id"), in_path("tag_id")
COLOURED: dict[str, Schema] = {"description": text(most=512), "colour": text(most=16)}
NAMED: dict[str, Schema] = {"name": text(least=1, most=256)}
SET_NAMED: dict[str, Schema] = {"name": text(least=1, most=64)}
IDS = asked({"id": COUNT})
TARGET_IDS = asked({"controllerId": text(least=1, most=256)})
POLICY = query(
    onNotFoundPolicy=choice("FAIL", "ON_WHAT_FOUND_AND_FAIL", "ON_WHAT_FOUND_AND_SUCCESS")
)


def tags(root: str, one: str, name: Schema, shape: str) -> list[Operation]:
    """The catalogue itself, which is alike for both kinds."""
    return [
        Operation("GET", root, "List tags", paged(ref("TagEntry")), [400], LIST),
        Operation(
            *("POST", root, "Add tags"),
            made(array(ref("TagEntry"))),
            [400, 409],
            body=takes_many(name, COLOURED),
        ),
        Operation("GET", one, "Show a tag", gives(ref(shape)), [404], in_path=TAG_ID),
        Operation(
            *("PUT", one, "Change a tag"),
            gives(ref(shape)),
            [400, 404, 409],
            body=takes(asked({}, {**name, **COLOURED})),
            in_path=TAG_ID,
        ),
        Operation("DELETE", one, "Delete a tag", done(), [404], in_path=TAG_ID),
    ]


def assigned(one: str, shape: str, ids: Schema, objects: Schema, member: str) -> list[Operation]:
    """What has a tag, and giving it or taking it away."""
    at, numbers = f"{one}/assigned", TAG_ID
    single = f"{at}/{{{member}}}"
    if member != "controller_id":
        numbers = TAG_ID | in_path(member)
    plural = "Targets" if member == "controller_id" else "DistributionSets"
    changed = array(ref(shape))
    return [
        Operation(
            "GET", at, "List what has it", paged(ref(shape)), [400, 404], LIST, in_path=TAG_ID
        ),
        Operation(
            *("POST", at, "Give it to several"),
            gives(changed) | {204: Answer("Done.")},
            [400, 403, 404],
            POLICY,
            takes(either(array(ids), array(objects))),
            in_path=TAG_ID,
        ),
        Operation(
            *("DELETE", at, "Take it from several"),
            done(),
            [400, 404],
            POLICY,
            takes(array(ids)),
            in_path=TAG_ID,
        ),
        Operation(
            *("POST", f"{at}/toggleTagAssignment", "Give it to all, or take it from all"),
            gives(record({f"assigned{plural}": changed, f"unassigned{plural}": changed})),
            [400, 403, 404],
            body=takes(array(objects)),
            in_path=TAG_ID,
        ),
        Operation("POST", single, "Give it to one", done(), [403, 404], in_path=numbers),
        Operation("DELETE", single, "Take it from one", done(), [404], in_path=numbers),
    ]


TYPE_FACTS: dict[str, Schema] = {"name": text(least=1, most=128), **COLOURED}
OPERATIONS = [
    Operation("GET", TYPES, "List target types", paged(ref("TargetTypeEntry")), [400], LIST),
    Operation(
        *("POST", TYPES, "Add target types"),
        made(array(ref("TargetTypeEntry"))),
        [400, 403, 404, 409],
        body=takes_many(
            {"name": text(least=1, most=128)},
            {
                **COLOURED,
                "key": text(least=1, most=64),
                "compatibledistributionsettypes": array(IDS),
            },
        ),
    ),
    Operation("GET", TYPE, "Show a target type", gives(ref("TargetType")), [404], in_path=TYPE_ID),
    Operation(
        *("PUT", TYPE, "Change a target type"),
        gives(ref("TargetType")),
        [400, 404, 409],
        body=takes(asked({}, TYPE_FACTS)),
        in_path=TYPE_ID,
    ),
    Operation("DELETE", TYPE, "Delete a target type", done(), [404, 409], in_path=TYPE_ID),
    Operation(
        *("GET", COMPATIBLE, "List the types of sets that it takes"),
        lists(ref("DistributionSetTypeEntry")),
        [404],
        in_path=TYPE_ID,
    ),
    Operation(
        *("POST", COMPATIBLE, "Let it take types of sets"),
        done(),
        [400, 403, 404],
        body=takes(either(array(IDS), IDS)),
        in_path=TYPE_ID,
    ),
    Operation(
        *("DELETE", f"{COMPATIBLE}/{{set_type_id}}", "Let it take a type of sets no more"),
        done(),
        [404],
        in_path=in_path("type_id", "set_type_id"),
    ),
    *tags(TAGS, TAG, NAMED, "TargetTag"),
    *assigned(TAG, "TargetEntry", text(least=1, most=256), TARGET_IDS, "controller_id"),
    *tags(SET_TAGS, SET_TAG, SET_NAMED, "DistributionSetTag"),
    *assigned(SET_TAG, "DistributionSetEntry", COUNT, IDS, "set_id"),
    Operation("GET", GROUPS, "List groups", lists(TEXT)),
    Operation(
        "PUT", f"{GROUPS}/{{group}}", "Fill a group by condition", done(), [400], query(q=TEXT)
    ),
    Operation(
        *("GET", MEMBERS, "List the targets of a group"),
        paged(ref("TargetEntry")),
        [400],
        [*LIST, *query(subgroups=FLAG)],
    ),
    Operation(
        *("PUT", MEMBERS, "Put targets into a group"),
        done(),
        [400, 404],
        body=takes(array(TEXT)),
    ),
    Operation(
        *("GET", f"{GROUPS}/assigned", "List the targets of a group"),
        paged(ref("TargetEntry")),
        [400],
        [*LIST, *query(group=TEXT, subgroups=FLAG)],
    ),
    Operation(
        *("PUT", f"{GROUPS}/assigned", "Put targets into a group"),
        done(),
        [400, 404],
        query(group=TEXT),
        takes(array(TEXT)),
    ),
    Operation(
        *("DELETE", f"{GROUPS}/assigned", "Take targets out of their groups"),
        done(),
        [400, 404],
        body=takes(array(TEXT)),
    ),
]
