"""What `st run` needs to get past "not found": names and ids that exist, in most cases.

They come as JSON in SLIPWAY_KNOWN, by the names of parameters and of members of bodies:
{"device_id": ["…", …]}. What is deleted is taken from the second half of each list, so that the
first half stays. People are always taken from there: the tool learns the id of whoever it calls
as, and would take their rights away.
"""

import json
import os
from typing import Any
from zlib import crc32

import schemathesis
from schemathesis import Case, HookContext

NOBODY = "00000000-0000-4000-8000-000000000000"
KNOWN: dict[str, list[str]] = {
    "user_id": [NOBODY],
    **json.loads(os.environ.get("SLIPWAY_KNOWN", "{}")),
}


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    draw = crc32(repr((case.method, case.path_parameters, case.query, case.body)).encode())
    for values in (case.path_parameters, case.body):
        for name in KNOWN.keys() & (values if isinstance(values, dict) else {}):
            if isinstance(values[name], str) and (draw % 4 or name == "user_id"):
                values[name] = _one_of(KNOWN[name], draw // 4, case.method)


def _one_of(known: list[str], draw: int, method: str) -> str:
    half = (len(known) + 1) // 2
    pool = known[half:] if method == "DELETE" and len(known) > 1 else known[:half]
    return pool[draw % len(pool)]
