"""What devices call. Source: hawkBit, DDI API."""

from dataclasses import dataclass

from api.hawkbit.openapi.components import HASHES, NUMBER
from api.hawkbit.openapi.operations import CBOR, DEVICE, JSON, Caller, Operation, in_path
from api.openapi.operations import Answer, Body, Parameter, done, gives, lists, query
from api.openapi.schema import (
    ANYTHING,
    BYTES,
    COUNT,
    FLAG,
    TEXT,
    WHOLE,
    Schema,
    array,
    asked,
    choice,
    mapping,
    record,
    text,
    whole,
)

ID = in_path("action")
MODULE = f"{DEVICE}/softwaremodules/{{module}}/artifacts"
HREF = record({"href": TEXT})
HANDLING = choice("skip", "attempt", "forced")
HISTORY = query(actionHistory=WHOLE)
FILE = record(
    {"filename": TEXT, "hashes": HASHES, "size": COUNT, "_links": mapping(HREF)},
)
CHUNK = record(
    {"part": TEXT, "version": TEXT, "name": TEXT, "artifacts": array(FILE)},
    {"encrypted": FLAG, "metadata": array(record({"key": TEXT, "value": TEXT}))},
)
TO_DO = record(
    {"download": HANDLING, "update": HANDLING, "chunks": array(CHUNK)},
    {"maintenanceWindow": choice("available", "unavailable")},
)
TOLD = {"actionHistory": record({"status": TEXT, "messages": array(TEXT)})}
DEPLOYMENT = record({"id": TEXT, "deployment": TO_DO}, TOLD)
CONFIRMATION = record({"id": TEXT, "confirmation": TO_DO}, TOLD)
POLLED = record(
    {"config": record({"polling": record({"sleep": TEXT})})},
    {
        "_links": record(
            {},
            dict.fromkeys(
                (
                    "confirmationBase",
                    "cancelAction",
                    "deploymentBase",
                    "installedBase",
                    "configData",
                ),
                HREF,
            ),
        )
    },
)
STATUS = asked(
    {
        "execution": choice(
            "closed",
            "proceeding",
            "canceled",
            "scheduled",
            "rejected",
            "resumed",
            "downloaded",
            "download",
        ),
        "result": asked(
            {"finished": choice("success", "failure", "none")},
            {"progress": asked({}, {"cnt": NUMBER, "of": NUMBER})},
        ),
    },
    {"code": whole(-(2**31), 2**31 - 1), "details": array(TEXT)},
)
FEEDBACK = asked({"status": STATUS}, {"id": TEXT, "time": TEXT, "timestamp": whole(0, 10**14)})
AUTO = asked({}, {"initiator": text(most=512), "remark": text(most=512)})
CLOSED = {410: Answer("It is closed.")}
HEARD = done(200, "Heard.")
BINARY = "application/octet-stream"


def takes(schema: Schema, *, is_required: bool = True) -> Body:
    return Body(schema, (JSON, CBOR), is_required)


@dataclass(frozen=True)
class DeviceOperation(Operation):
    caller: Caller = Caller.DEVICE


OPERATIONS = [
    DeviceOperation("GET", DEVICE, "Ask what there is to do", gives(POLLED), [403]),
    DeviceOperation(
        *("PUT", f"{DEVICE}/configData", "Tell its attributes"),
        HEARD,
        [400, 403, 404],
        body=takes(
            asked({"data": mapping(ANYTHING)}, {"mode": choice("merge", "replace", "remove")})
        ),
    ),
    DeviceOperation(
        *("GET", f"{DEVICE}/deploymentBase/{{action}}", "Get what is to be installed"),
        gives(DEPLOYMENT),
        [400, 404],
        [*query(c=TEXT), *HISTORY],
        in_path=ID,
    ),
    DeviceOperation(
        *("POST", f"{DEVICE}/deploymentBase/{{action}}/feedback", "Tell how it goes"),
        HEARD | CLOSED,
        [400, 403, 404],
        body=takes(FEEDBACK),
        in_path=ID,
    ),
    DeviceOperation(
        *("GET", f"{DEVICE}/cancelAction/{{action}}", "Get what is to be left"),
        gives(record({"id": TEXT, "cancelAction": record({"stopId": TEXT})})),
        [404],
        in_path=ID,
    ),
    DeviceOperation(
        *("POST", f"{DEVICE}/cancelAction/{{action}}/feedback", "Tell whether it is left"),
        HEARD,
        [400, 404, 405],
        body=takes(FEEDBACK),
        in_path=ID,
    ),
    DeviceOperation(
        *("PUT", f"{DEVICE}/installedBase", "Tell what it has got by other means"),
        HEARD | {201: Answer("It is new.")},
        [400, 404],
        body=takes(asked({"name": TEXT, "version": TEXT})),
    ),
    DeviceOperation(
        *("GET", f"{DEVICE}/installedBase/{{action}}", "Get what was installed"),
        gives(DEPLOYMENT),
        [404],
        HISTORY,
        in_path=ID,
    ),
    DeviceOperation(
        *("GET", f"{DEVICE}/confirmationBase", "Get what waits to be confirmed"),
        gives(
            record(
                {
                    "autoConfirm": record(
                        {"active": FLAG},
                        {"initiator": TEXT, "remark": TEXT, "activatedAt": COUNT},
                    ),
                    "_links": record(
                        {},
                        dict.fromkeys(
                            ("activateAutoConfirm", "deactivateAutoConfirm", "confirmationBase"),
                            HREF,
                        ),
                    ),
                }
            )
        ),
    ),
    DeviceOperation(
        *("POST", f"{DEVICE}/confirmationBase/activateAutoConfirm", "Confirm by itself"),
        HEARD,
        [409],
        body=takes(AUTO, is_required=False),
    ),
    DeviceOperation(
        *("POST", f"{DEVICE}/confirmationBase/deactivateAutoConfirm", "Confirm by itself no more"),
        HEARD,
    ),
    DeviceOperation(
        *("GET", f"{DEVICE}/confirmationBase/{{action}}", "Get what is to be confirmed"),
        gives(CONFIRMATION),
        [404],
        HISTORY,
        in_path=ID,
    ),
    DeviceOperation(
        *("POST", f"{DEVICE}/confirmationBase/{{action}}/feedback", "Confirm or deny"),
        HEARD | CLOSED,
        [400, 403, 404],
        body=takes(
            asked(
                {"confirmation": choice("confirmed", "denied")},
                {"code": whole(-(2**31), 2**31 - 1), "details": array(TEXT)},
            )
        ),
        in_path=ID,
    ),
    DeviceOperation(
        *("GET", MODULE, "List the files of a module"),
        lists(FILE),
        [404],
        in_path=in_path("module"),
    ),
    DeviceOperation(
        *("GET", f"{MODULE}/{{filename}}", "Download a file or its MD5 sum"),
        {
            200: Answer("The file.", BYTES, BINARY),
            206: Answer("A part of it.", BYTES, BINARY),
            412: Answer("Precondition Failed"),
            416: Answer("Range Not Satisfiable"),
        },
        [404, 410],
        headers=[Parameter("Range", TEXT, place="header")],
        in_path=in_path("module"),
    ),
]
