"""Jobs as CSV (RFC 4180), streamed: a page of them in memory at a time."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence

from api.digi.asking import MOST, Asked
from api.digi.errors import Refused
from api.digi.shapes.jobs import KEY_NAMES, KEYS, Job, JobKey, jobs_of
from fleet.models import Organization
from query.asking import like
from query.cells import safe


def read_fields(text: str) -> tuple[JobKey, ...]:
    """The keys of `id,status`, all if it is empty; raises Refused (400) for an unknown one."""
    known = {key.name: key for key in KEYS}
    names = [name.strip().casefold() for name in text.split(",")] if text.strip() else KEY_NAMES
    for name in names:
        if name not in known:
            message = f"fields: there is no field {name[:64]!r}{like(name, KEY_NAMES)}"
            raise Refused(400, message)
    return tuple(known[name] for name in dict.fromkeys(names))


def table_of(
    asked: Asked, organization: Organization, keys: Sequence[JobKey], limit: int | None
) -> Iterator[bytes]:
    """A header, and a line for each job, or for the first `limit`."""
    yield _lines([[key.name for key in keys]])
    counted = any(key.is_counted for key in keys)
    left, place = sys.maxsize if limit is None else limit, None
    while left:
        numbers, place = asked.numbers(min(left, MOST), place)
        jobs = jobs_of(organization, numbers, counted=counted)
        yield _lines([[_cell(key, job) for key in keys] for job in jobs])
        left -= len(numbers)
        if place is None:
            return


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(key: JobKey, job: Job) -> object:
    """Empty if there is no value; what a spreadsheet would calculate has an apostrophe before."""
    value = key.tell(job)
    return safe(value) if isinstance(value, str) else value
