"""Distribution sets, software modules, their types and files. Source: hawkBit's management API."""

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
from api.openapi.operations import Answer, Body, Parameter, done, gives, lists, query
from api.openapi.schema import (
    BYTES,
    COUNT,
    FLAG,
    TEXT,
    Schema,
    array,
    asked,
    choice,
    ref,
    text,
    whole,
)

MODULE_TYPES, SET_TYPES = f"{ROOT}/softwaremoduletypes", f"{ROOT}/distributionsettypes"
MODULE_TYPE, SET_TYPE = f"{MODULE_TYPES}/{{type_id}}", f"{SET_TYPES}/{{type_id}}"
MODULES, SETS = f"{ROOT}/softwaremodules", f"{ROOT}/distributionsets"
MODULE, SET = f"{MODULES}/{{module_id}}", f"{SETS}/{{set_id}}"
FILES = f"{MODULE}/artifacts"
FILE = f"{FILES}/{{file_id}}"
TYPE_ID, SET_ID, MODULE_ID = in_path("type_id"), in_path("set_id"), in_path("module_id")
FILE_IDS = in_path("module_id", "file_id")
SOFT = query(
    soft_deleted_mode=choice("EXCLUDE_SOFT_DELETED", "INCLUDE_SOFT_DELETED", "ONLY_SOFT_DELETED")
)
LISTED = [*LIST, *SOFT]
COLOURED: dict[str, Schema] = {"description": text(most=512), "colour": text(most=16)}
NAMED: dict[str, Schema] = {"key": text(least=1, most=64), "name": text(least=1, most=128)}
ID = asked({"id": COUNT})
SET_FACTS: dict[str, Schema] = {
    "description": text(most=512),
    "requiredMigrationStep": FLAG,
}
VERSIONED: dict[str, Schema] = {
    "name": text(least=1, most=128),
    "version": text(least=1, most=64),
}
FORM = Body(
    {"type": "object", "properties": {"file": BYTES}, "required": ["file"]},
    ("multipart/form-data",),
)
SUMS = query(filename=TEXT, md5sum=TEXT, sha1sum=TEXT, sha256sum=TEXT)
RANGE = [Parameter("Range", TEXT, place="header")]


def metadata(owner: str, name: str, shape: str, more: dict[str, Schema]) -> list[Operation]:
    at = f"{owner}/{{number}}/metadata"
    one, number = f"{at}/{{key}}", in_path("number")
    value = text(most=4000)
    return [
        Operation(
            "GET",
            at,
            f"List metadata of {name}",
            paged(ref(shape)),
            [400, 404],
            LIST,
            in_path=number,
        ),
        Operation(
            *("POST", at, f"Add metadata to {name}"),
            made(array(ref(shape))),
            [400, 403, 404, 409],
            body=takes_many({"key": text(least=1, most=128), "value": value}, more),
            in_path=number,
        ),
        Operation("GET", one, f"Show metadata of {name}", gives(ref(shape)), [404], in_path=number),
        Operation(
            *("PUT", one, f"Change metadata of {name}"),
            gives(ref(shape)),
            [400, 404],
            body=takes(asked({}, {"key": TEXT, "value": value, **more})),
            in_path=number,
        ),
        Operation("DELETE", one, f"Delete metadata of {name}", done(), [404], in_path=number),
    ]


def parts(name: str) -> list[Operation]:
    """The module types that sets of a type must have, or may have."""
    at, ids = f"{SET_TYPE}/{name}moduletypes", in_path("type_id", "part_id")
    one = f"{at}/{{part_id}}"
    shape = ref("SoftwareModuleType")
    return [
        Operation("GET", at, f"List {name} module types", lists(shape), [404], in_path=TYPE_ID),
        Operation(
            *("POST", at, f"Add a {name} module type"),
            done(),
            [400, 403, 404],
            body=takes(ID),
            in_path=TYPE_ID,
        ),
        Operation("GET", one, f"Show a {name} module type", gives(shape), [404], in_path=ids),
        Operation("DELETE", one, f"Remove a {name} module type", done(), [403, 404], in_path=ids),
    ]


def types(
    root: str, one: str, name: str, shapes: tuple[str, str], more: dict[str, Schema]
) -> list[Operation]:
    """A type of sets names types of modules, which there may not be."""
    entry, shape = map(ref, shapes)
    return [
        Operation("GET", root, f"List types of {name}", paged(entry), [400], LISTED),
        Operation(
            *("POST", root, f"Add types of {name}"),
            made(array(entry)),
            [400, 403, *([404] if root == SET_TYPES else []), 409],
            body=takes_many(NAMED, COLOURED | more),
        ),
        Operation("GET", one, f"Show a type of {name}", gives(shape), [404], in_path=TYPE_ID),
        Operation(
            *("PUT", one, f"Change a type of {name}"),
            gives(shape),
            [400, 404],
            body=takes(asked({}, COLOURED)),
            in_path=TYPE_ID,
        ),
        Operation("DELETE", one, f"Delete a type of {name}", done(), [404], in_path=TYPE_ID),
    ]


STATISTICS = [
    Operation(
        *("GET", f"{SET}/statistics{part}", "Count what is done with a set"),
        gives(ref("Statistics")),
        [404],
        in_path=SET_ID,
    )
    for part in ("", "/rollouts", "/actions", "/autoassignments")
]
PART_LISTS = {"mandatorymodules": array(ID), "optionalmodules": array(ID)}

OPERATIONS = [
    *types(
        MODULE_TYPES,
        MODULE_TYPE,
        "software modules",
        ("SoftwareModuleType", "SoftwareModuleType"),
        {"maxAssignments": whole(1, 1000)},
    ),
    *types(
        SET_TYPES,
        SET_TYPE,
        "distribution sets",
        ("DistributionSetTypeEntry", "DistributionSetType"),
        PART_LISTS,
    ),
    *parts("mandatory"),
    *parts("optional"),
    Operation("GET", MODULES, "List modules", paged(ref("SoftwareModule")), [400], LISTED),
    Operation(
        *("POST", MODULES, "Add modules"),
        made(array(ref("SoftwareModule"))),
        [400, 404, 409],
        body=takes_many(
            VERSIONED | {"type": TEXT},
            {"vendor": text(most=256), "description": text(most=512), "encrypted": FLAG},
        ),
    ),
    Operation(
        "GET", MODULE, "Show a module", gives(ref("SoftwareModuleInFull")), [404], in_path=MODULE_ID
    ),
    Operation(
        *("PUT", MODULE, "Change a module"),
        gives(ref("SoftwareModuleInFull")),
        [400, 404],
        body=takes(
            asked({}, {"vendor": text(most=256), "description": text(most=512), "locked": FLAG})
        ),
        in_path=MODULE_ID,
    ),
    Operation("DELETE", MODULE, "Delete a module", done(), [403, 404], in_path=MODULE_ID),
    *metadata(MODULES, "a module", "ModuleMetadata", {"targetVisible": FLAG}),
    Operation("GET", FILES, "List its artifacts", lists(ref("Artifact")), [404], in_path=MODULE_ID),
    Operation(
        *("POST", FILES, "Add an artifact"),
        # An empty file is refused without a body.
        made(ref("Artifact")) | {400: Answer("Bad Request")},
        [403, 404, 409, 423],
        SUMS,
        FORM,
        in_path=MODULE_ID,
    ),
    Operation("GET", FILE, "Show an artifact", gives(ref("Artifact")), [404], in_path=FILE_IDS),
    Operation("DELETE", FILE, "Delete an artifact", done(), [403, 404, 423], in_path=FILE_IDS),
    Operation(
        *("GET", f"{FILE}/download", "Download an artifact"),
        {
            200: Answer("The file.", BYTES, "application/octet-stream"),
            206: Answer("A part of it.", BYTES, "application/octet-stream"),
            412: Answer("Precondition Failed"),
            416: Answer("Range Not Satisfiable"),
        },
        [404, 410],
        headers=RANGE,
        in_path=FILE_IDS,
    ),
    Operation("GET", SETS, "List sets", paged(ref("DistributionSetEntry")), [400], LISTED),
    Operation(
        *("POST", SETS, "Add sets"),
        made(array(ref("DistributionSetEntry"))),
        [400, 403, 404, 409],
        body=takes_many(VERSIONED, SET_FACTS | {"type": TEXT, "modules": array(ID)}),
    ),
    Operation("GET", SET, "Show a set", gives(ref("DistributionSet")), [404], in_path=SET_ID),
    Operation(
        *("PUT", SET, "Change a set"),
        gives(ref("DistributionSet")),
        [400, 403, 404, 409, 423],
        body=takes(asked({}, VERSIONED | SET_FACTS | {"locked": FLAG})),
        in_path=SET_ID,
    ),
    Operation("DELETE", SET, "Delete a set", done(), [403, 404], in_path=SET_ID),
    Operation(
        *("GET", f"{SET}/assignedSM", "List the modules of a set"),
        paged(ref("SoftwareModule")),
        [400, 404],
        LIST,
        in_path=SET_ID,
    ),
    Operation(
        *("POST", f"{SET}/assignedSM", "Add modules to a set"),
        done(),
        [400, 403, 404, 423],
        body=takes_many({"id": COUNT}),
        in_path=SET_ID,
    ),
    Operation(
        *("DELETE", f"{SET}/assignedSM/{{module_id}}", "Take a module out of a set"),
        done(),
        [404, 423],
        in_path=in_path("set_id", "module_id"),
    ),
    Operation(
        *("POST", f"{SET}/invalidate", "Invalidate a set"),
        done(),
        [400, 404],
        body=takes(
            asked(
                {"actionCancelationType": choice("soft", "force", "none")},
                {"cancelRollouts": FLAG},
            )
        ),
        in_path=SET_ID,
    ),
    *metadata(SETS, "a set", "Metadata", {}),
    Operation(
        *("GET", f"{SET}/installedTargets", "List the targets that have it installed"),
        paged(ref("TargetEntry")),
        [400, 404],
        LIST,
        in_path=SET_ID,
    ),
    *STATISTICS,
]
