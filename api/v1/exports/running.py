"""The job that writes an export, and the sweep that deletes what nobody may fetch any more."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from api.v1.authentication import Caller
from api.v1.exports import files
from api.v1.exports.operations import EXPORT, query_dict
from api.v1.exports.resources import read_export, readable
from fleet.acting_later import actor_again
from fleet.errors import DomainError
from fleet.models import Organization
from jobs.handlers import Hopeless
from jobs.lease import held, report_progress
from jobs.models import Job
from query.gzipped import gzipped
from query.tables import Table, table_of

LIFETIME = timedelta(days=1)
TELLS_EVERY = 1.0


def run(job: Job) -> dict[str, Any]:
    """Write the file, with what the asker may see now; raises Hopeless if that is nothing."""
    kept = job.arguments
    try:
        asked = read_export(kept["resource"], query_dict(kept["query"]), _asker(job))
    except DomainError as refusal:
        raise Hopeless(refusal.message) from refusal
    total = asked.rows.count()
    name = files.name_of(job.id, job.attempts)
    table = table_of(asked.rows, asked.ordering, asked.shown, limit=asked.limit)
    with closing(table):
        pieces = _watched(job, table, min(total, asked.limit or total))
        size = files.write(name, gzipped(pieces) if kept["gzip"] else pieces)
    if not held(job).exists():
        files.remove(name)
    expires = datetime.now(UTC) + LIFETIME
    return {
        "export": str(job.id),
        "name": f"{kept['resource']}.csv{'.gz' if kept['gzip'] else ''}",
        "rows": table.row_count,
        "size": size,
        "expires": int(expires.timestamp()),
    }


def _asker(job: Job) -> Caller:
    """Whoever asked for it, with what they may now; raises NotFound("member_unknown")."""
    kept = job.arguments["actor"]
    organization = Organization.objects.get(pk=kept["organization"])
    return Caller(actor_again(kept), organization, credential=f"job {job.id}")


def _watched(job: Job, table: Table, total: int) -> Iterator[bytes]:
    """The pieces; how far they are is told by another connection, this one is busy with them."""
    told_at = time.monotonic()
    with ThreadPoolExecutor(1, "export progress") as teller:
        for piece in table:
            yield piece
            if time.monotonic() - told_at >= TELLS_EVERY:
                told_at = time.monotonic()
                teller.submit(_tell, job, min(99, 100 * table.row_count // max(total, 1)))


def _tell(job: Job, percent: int) -> None:
    try:
        report_progress(job, percent)
    finally:
        connection.close()


def sweep() -> int:
    """Delete the files that have expired, and those that no export holds; how many there were."""
    names = files.stored()
    jobs = {job.id: job for job in Job.objects.filter(kind=EXPORT, id__in=set(names.values()))}
    over = [name for name, export_id in names.items() if not _is_held(name, jobs.get(export_id))]
    for name in over:
        files.remove(name)
    return len(over)


def _is_held(name: str, job: Job | None) -> bool:
    if job is None or name != files.name_of(job.id, job.attempts):
        return False
    if job.state == Job.State.DONE:
        return bool(job.result and job.result["expires"] > time.time())
    return job.state == Job.State.RUNNING


def made(export_id: UUID) -> Job | None:
    """The export, if there is a file of it and who asked for it may still see such a list."""
    job = Job.objects.filter(pk=export_id, kind=EXPORT, state=Job.State.DONE).first()
    try:
        return job if job and readable(job.arguments["resource"], _asker(job)) else None
    except DomainError:
        return None
