"""Exports are asked for, and forgotten."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction
from django.http import QueryDict

from api.exports.files import name_of, remove
from api.v1.authentication import Caller
from api.v1.exports.resources import read_export
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.acting_later import noted
from fleet.errors import LimitReached
from jobs.models import Job
from jobs.queue import enqueue

EXPORT = "api.export"
MOST = 20

Query = Mapping[str, Sequence[str]]


@transaction.atomic
def begin_export(*, caller: Caller, resource: str, query: Query, is_gzipped: bool) -> Job:
    """Enqueue the job that writes the list of that name to a file.

    `query` has the parameters of the list's address. Raises as `read_export`, and
    LimitReached("export_limit") for who has 20 already.
    """
    actor, organization = caller.actor, caller.organization
    read_export(resource, query_dict(query), caller)
    own = Job.objects.of(organization.pk).asked_by(actor.id).filter(kind=EXPORT)
    if own.count() >= MOST:
        text = f"Nobody has more than {MOST} exports at a time: delete one."
        raise LimitReached("export_limit", text)
    facts = {"resource": resource, "query": dict(query)}
    arguments = facts | {"gzip": is_gzipped, "actor": noted(actor)}
    job = enqueue(EXPORT, arguments, organization_id=organization.pk, asked_by=actor.id)
    record(actor, Action.CREATE, Subject("export", job.id, resource), facts)
    return job


@transaction.atomic
def delete_export(*, actor: Actor, job: Job) -> None:
    """Forget the export and delete its file; one that is being made stops."""
    deleted, _ = Job.objects.filter(pk=job.pk).delete()
    if deleted:
        record(actor, Action.DELETE, Subject("export", job.id, job.arguments["resource"]))
        transaction.on_commit(partial(remove, name_of(job.id, job.attempts)))


def query_dict(query: Query) -> QueryDict:
    """As Django would read it from an address."""
    found = QueryDict(mutable=True)
    for name, values in query.items():
        found.setlist(name, list(values))
    return found
