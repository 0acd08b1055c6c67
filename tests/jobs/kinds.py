"""Kinds of jobs that only tests know."""

import threading
import time
from pathlib import Path
from typing import Any

from jobs.handlers import Hopeless, handles
from jobs.models import Job

ANSWERED = threading.Event()


@handles("tests.wait", is_slow=True)
def wait_for_somebody(_job: Job) -> None:
    ANSWERED.wait(60)


@handles("tests.add")
def add(job: Job) -> dict[str, Any]:
    return {"sum": sum(job.arguments["numbers"])}


@handles("tests.raise")
def raise_error(job: Job) -> None:
    raise ValueError(job.arguments["text"])


@handles("tests.slow")
def write_slowly(job: Job) -> None:
    """Say that it began, take a while, then have its effect, which can happen once only."""
    folder = Path(job.arguments["folder"])
    with (folder / "begun").open("a") as begun:
        begun.write("x")
    time.sleep(job.arguments["seconds"])
    (folder / "effect").open("x").close()


@handles("tests.despair")
def despair(job: Job) -> None:
    raise Hopeless(job.arguments["text"])
