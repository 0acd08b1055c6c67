"""The statuses that the documentation of hawkBit's targets API gives for each of its calls.

401, 403, 405, 406, 415 and 429 follow from who calls and what is sent: `test_conventions.py` tries
them with every call. What a DELETE answers that did its work is not said for all of them, and for
metadata that was added the text says 200 and the example 201.
"""

import re

BY_RULE = frozenset({401, 403, 405, 406, 415, 429})
TEXT = """
GET    /targets                                200 400 401 403 405 406 429
POST   /targets                                201 400 401 403 405 406 409 415 429
GET    /targets/{}                             200 400 401 403 404 405 406 429
PUT    /targets/{}                             200 400 401 403 404 405 406 409 415 429
DELETE /targets/{}                             400 401 403 404 405 406 429
GET    /targets/{}/actions                     200 400 401 403 405 406 429
GET    /targets/{}/actions/{}                  200 400 401 403 404 405 406 429
PUT    /targets/{}/actions/{}                  200 400 401 403 404 405 406 409 415 429
DELETE /targets/{}/actions/{}                  204 400 401 403 404 405 406 429
GET    /targets/{}/actions/{}/status           200 400 401 403 404 405 406 429
GET    /targets/{}/assignedDS                  200 400 401 403 404 405 406 429
POST   /targets/{}/assignedDS                  200 400 401 403 404 405 406 409 415 429
GET    /targets/{}/attributes                  200 400 401 403 404 405 406 429
GET    /targets/{}/installedDS                 200 400 401 403 404 405 406 429
GET    /targets/{}/metadata                    200 400 401 403 405 406 429
POST   /targets/{}/metadata                    201 400 401 403 404 405 406 409 415 429
GET    /targets/{}/metadata/{}                 200 400 401 403 405 406 429
PUT    /targets/{}/metadata/{}                 200 400 401 403 404 405 406 409 415 429
DELETE /targets/{}/metadata/{}                 400 401 403 404 405 406 429
"""
ROOT = "/rest/v1"
CALL = re.compile(r"([A-Z]+) +(/\S*) +([\d ]+)")
PARAMETER = re.compile(r"{\w*}")


def documented() -> dict[tuple[str, str], set[int]]:
    """By method and path, whose parameters are all `{}`."""
    found = {}
    for line in TEXT.strip().splitlines():
        matched = CALL.fullmatch(line)
        assert matched, line
        method, path, statuses = matched.groups()
        found[method, ROOT + path] = set(map(int, statuses.split()))
    return found


def unnamed(path: str) -> str:
    return PARAMETER.sub("{}", path)


def is_of_the_seed(method: str, path: str) -> bool:
    return (method, unnamed(path)) in documented()
