"""The statuses that the seed gives for each of its calls.

401, 403 and 500 follow from who calls and from failures of ours: `test_conventions.py` tries them
with every call. Where the seed has 200 for the stop of a job, its own example has 204.
"""

import re

BY_RULE = frozenset({401, 403, 500})
TEXT = """
POST   /jobs                       200 400 401 403 404 500
POST   /jobs/_search               200 400 401 403 404 500
GET    /jobs/{}                    200 400 401 403 404 500
PUT    /jobs/{}                    200 400 401 403 404 500
DELETE /jobs/{}                    200 400 401 403 404 500
POST   /jobs/{}/sensors/_search    200 400 401 403 404 500
POST   /jobs/{}/sensors/_export    202 400 401 403 404 500
"""
ROOT = "/sensor_update_service/v3/orgs/{}"
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
