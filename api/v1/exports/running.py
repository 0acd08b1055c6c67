"""The job that writes an export."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from api.exports import files
from api.exports.watching import watched
from api.v1.authentication import Caller
from api.v1.exports.operations import EXPORT, query_dict
from api.v1.exports.resources import read_export, readable
from fleet.acting_later import actor_again
from fleet.errors import DomainError
from fleet.models import Organization
from jobs.handlers import Hopeless
from jobs.lease import held, report_progress
from jobs.models import Job
from query.gzipped import gzipped
from query.tables import table_of

LIFETIME = timedelta(days=1)


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
        most = max(min(total, asked.limit or total), 1)
        pieces = watched(
            table, lambda: report_progress(job, min(99, 100 * table.row_count // most))
        )
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


def made(export_id: UUID) -> Job | None:
    """The export, if there is a file of it and who asked for it may still see such a list."""
    job = Job.objects.filter(pk=export_id, kind=EXPORT, state=Job.State.DONE).first()
    try:
        return job if job and readable(job.arguments["resource"], _asker(job)) else None
    except DomainError:
        return None
