"""Rows of a job as sensors: JSON, and CSV in pieces, however many there are.

Source: the seed, Field Definitions, Sensor.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from api.carbonblack.sensors.columns import FIELDS
from api.carbonblack.sensors.reasons import told_reason
from api.carbonblack.shapes.jobs import own_version
from api.carbonblack.shapes.times import NEVER, sensor_time
from api.carbonblack.words import OF_OUTCOME
from api.json_bodies import encode
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import Outcome
from deployments.part_times import BEGUN_AT, ended_at
from deployments.states import State
from query.cells import line_of, safe

BATCH = 2000
Rows = QuerySet[DeviceDeployment]


class Teller:
    """Tells the rows of one job, which were asked for by `asking.sensors`."""

    def __init__(self, job: Deployment) -> None:
        self._job = job
        self._versions = {kit.kit_type: kit.version for kit in job.kits.all()}
        self._one = "" if self._versions else own_version(job)

    def read(self, rows: Rows) -> Rows:
        """With what telling them takes."""
        return rows.annotate(begun_at=BEGUN_AT, ended_at=ended_at(self._job))

    def told(self, row: Any) -> dict[str, Any]:
        row.deployment = self._job
        outcome = Outcome(row.outcome)
        return {
            "device_id": row.device_id or 0,
            "device_name": row.device_name or row.device_ref,
            "status": OF_OUTCOME[outcome],
            "reason": told_reason(row, outcome),
            "current_version": row.version_before,
            "update_version": self._update_version(row),
            "start_time": _time(row.begun_at),
            "update_time": _time(row.ended_at),
            "sensor_kit_type": row.kit_type,
        }

    def line(self, row: Any) -> str:
        told = self.told(row)
        cells = ("" if told[name] == NEVER else safe(str(told[name])) for name in FIELDS)
        return line_of(list(cells))

    def _update_version(self, row: DeviceDeployment) -> str:
        came = row.state == State.ALREADY_INSTALLED and row.admitted_at is not None
        has_begun = row.is_instructed or row.started_at is not None or came
        return self._versions.get(row.kit_type, self._one) if has_begun else ""


def told_page(job: Deployment, rows: Rows, *, start: int, count: int) -> list[dict[str, Any]]:
    teller = Teller(job)
    return [teller.told(row) for row in teller.read(rows)[start : start + count]]


def csv_page(job: Deployment, rows: Rows, *, start: int, count: int) -> str:
    teller = Teller(job)
    page = teller.read(rows)[start : start + count]
    return line_of(FIELDS) + "".join(map(teller.line, page))


def pieces(job: Deployment, rows: Rows, form: str) -> Iterator[tuple[bytes, int]]:
    """The whole of it as a file, each piece with how many rows it has."""
    teller = Teller(job)
    found = teller.read(rows).iterator(chunk_size=BATCH)
    return _csv(teller, found) if form == "csv" else _json(teller, found)


def _csv(teller: Teller, rows: Iterable[Any]) -> Iterator[tuple[bytes, int]]:
    yield line_of(FIELDS).encode(), 0
    for some in _batches(rows):
        yield "".join(map(teller.line, some)).encode(), len(some)


def _json(teller: Teller, rows: Iterable[Any]) -> Iterator[tuple[bytes, int]]:
    """Counted as they are written: they may be others than when one counted."""
    yield b'{"results":[', 0
    count = 0
    for some in _batches(rows):
        told = b",".join(encode(teller.told(row)) for row in some)
        yield b"," + told if count else told, len(some)
        count += len(some)
    yield b'],"num_found":%d}' % count, 0


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        yield some


def _time(moment: datetime | None) -> str:
    return sensor_time(moment) if moment else NEVER
