"""What `st run` needs to get past "not found": names and ids that exist, in most cases.

They come as JSON in SLIPWAY_KNOWN, by the names of parameters and of members of bodies, with the
path of the list in front where the name alone does not tell: {"device_id": ["…", …],
"/api/v1/devices id": ["…", …]}. What is deleted is taken from the second half of each list, so
that the first half stays. People are always taken from there: the tool learns the id of whoever it
calls as, and would take their rights away.
"""

import json
import os
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis import Case, HookContext

NOBODY = "00000000-0000-4000-8000-000000000000"
# Always of somebody else.
OTHERS = ("user_id", "/api/v1/members id", "/api/v1/tokens id")
KNOWN: dict[str, list[str]] = {
    **{name: [NOBODY] for name in OTHERS},
    **json.loads(os.environ.get("SLIPWAY_KNOWN", "{}")),
}
# Headers that every call may have: at random they have it refused, and they have their own tests.
CONDITIONS = {"Slipway-Organization", "If-Match", "If-None-Match", "Idempotency-Key"}
# Lists that are asked by each of their columns; the others by what all lists take.
THOROUGHLY = {"/api/v1/groups"}
COMMON = {"q", "sort", "fields", "limit", "cursor", "count", "format"}


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Leave out what would be tried hundreds of times over, and is the same code."""
    for path, operations in raw_schema["paths"].items():
        for operation in operations.values():
            asked = operation.get("parameters", []) if isinstance(operation, dict) else []
            is_list = {each.get("name") for each in asked} >= COMMON
            left = COMMON if is_list and path not in THOROUGHLY else None
            asked[:] = [each for each in asked if _is_asked(each, left)]


def _is_asked(parameter: dict[str, Any], queries: set[str] | None) -> bool:
    name = parameter.get("name")
    is_query = parameter.get("in") == "query"
    return name not in CONDITIONS and (queries is None or not is_query or name in queries)


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    draw = crc32(repr((case.method, case.path_parameters, case.query, case.body)).encode())
    for values in (case.path_parameters, case.body):
        for name in KNOWN.keys() & (values if isinstance(values, dict) else {}):
            if isinstance(values[name], str) and (draw % 4 or name in OTHERS):
                values[name] = _one_of(KNOWN[name], draw // 4, case.method)
    _name_what_is_there(case, draw)


def _name_what_is_there(case: Case, draw: int) -> None:
    """In the address: `/api/v1/devices/{id}` is about one of the devices."""
    for name, value in (case.path_parameters or {}).items():
        place = f"{case.operation.path.partition('/{')[0]} {name}"
        listed = KNOWN.get(f"{case.operation.path} {name}") or KNOWN.get(place)
        if listed is None and isinstance(value, int):
            listed = KNOWN.get(name)
        if listed and (draw % 4 or isinstance(value, int) or place in OTHERS):
            case.path_parameters[name] = _one_of(listed, draw // 4, case.method)


def _one_of(known: list[str], draw: int, method: str) -> str:
    half = (len(known) + 1) // 2
    pool = known[half:] if method == "DELETE" and len(known) > 1 else known[:half]
    return pool[draw % len(pool)]
