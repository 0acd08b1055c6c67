"""The poll's own statement in a loop through the bare driver: the floor under the database part.

Prints statements per second; the tokens come from the file named by TOKENS.
"""

import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

import psycopg
from django.conf import settings
from django.utils import timezone

from deployments.candidates import id_parameter, moment
from deployments.offers import _POLL
from fleet import device_tokens


def main(seconds: float) -> None:
    polls = cycle(parameters())
    fetch = driver()
    for _ in range(50):
        fetch(next(polls))
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        if fetch(next(polls)) is None:
            sys.exit("A token does not stand.")
        count += 1
    print(count / seconds)


def parameters() -> list[dict[str, Any]]:
    now = moment(timezone.now())
    claims = map(device_tokens.read, Path(os.environ["TOKENS"]).read_text().split())
    return [
        {
            "auth_set": claim.auth_set,
            "serial": claim.serial,
            "device_id": id_parameter(claim.device_id),
            "device_ref": str(claim.device_id),
            "now": now,
        }
        for claim in claims
        if claim
    ]


def driver() -> Callable[[dict[str, Any]], Any]:
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        lite = sqlite3.connect(database["NAME"])
        statement = re.sub(r"%\((\w+)\)s", r":\1", _POLL)
        return lambda values: lite.execute(statement, values).fetchone()
    url = os.environ["SLIPWAY_DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
    return lambda values: connection.execute(_POLL, values).fetchone()


if __name__ == "__main__":
    main(float(sys.argv[1]))
