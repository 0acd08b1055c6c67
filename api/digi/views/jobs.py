"""What there is, one job, all jobs as CSV. Source: Digi Remote Manager, v1/jobs."""

import itertools
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse

from api.digi.asking import asked_of, size_of
from api.digi.csv_table import read_fields, table_of
from api.digi.errors import Refused
from api.digi.finding import found_job
from api.digi.resources import Resource, answered, done, parameter
from api.digi.shapes.jobs import told
from api.digi.shapes.targets import targets_of
from api.endpoints import EXECUTE, READ, Call
from deployments.archiving import archive

ROOT = "/ws/v1/jobs"


class Summary(Resource):
    """What the API has."""

    needs = {"GET": READ}

    def get(self, call: Call) -> HttpResponse:
        names = ("bulk", "cancel", "inventory")
        return answered({f"{name}_uri": f"{ROOT}/{name}" for name in names})


class OneJob(Resource):
    """A job with its targets."""

    needs = {"GET": READ}

    def get(self, call: Call, job_id: str) -> HttpResponse:
        job = found_job(call, job_id)
        targets, has_more = targets_of(job.deployment)
        truncated = {"targets_truncated": True} if has_more else {}
        return answered({**told(job), "targets": targets, **truncated})


class InventoryJob(OneJob):
    """The same by another name, where it can be deleted as well."""

    needs = {"GET": READ, "DELETE": EXECUTE}
    # What deletes it is one transaction, and nobody reads a body.
    is_atomic = False

    def delete(self, call: Call, job_id: str) -> HttpResponse:
        archive(actor=call.actor, deployment=found_job(call, job_id).deployment)
        return done()


class Bulk(Resource):
    """Jobs as CSV, all of them in one answer."""

    needs = {"GET": READ}

    def get(self, call: Call) -> StreamingHttpResponse:
        if "cursor" in call.GET:
            raise Refused(400, "cursor: bulk has no pages")
        keys = read_fields(parameter(call, "fields"))
        pieces = table_of(asked_of(call), call.organization, keys, size_of(call))
        # The first page is read before anything is sent: what can fail does so in time.
        begun = list(itertools.islice(pieces, 2))
        content: Iterator[bytes] = itertools.chain(begun, pieces)
        if call.method == "HEAD":
            content = iter(())
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="jobs.csv"'
        return response
