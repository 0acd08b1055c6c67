"""Serves the file of an export to whoever holds a signed link."""

from uuid import UUID

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from api.exports import files
from api.v1.exports.links import check_link
from api.v1.exports.running import made
from api.v1.problems import handle, problem
from fleet.errors import Forbidden

CHUNK = 256 * 1024


@csrf_exempt
@require_safe
def download(request: HttpRequest, export_id: UUID, name: str) -> HttpResponseBase:
    """GET and HEAD of what `links.link_of` makes; no other proof is asked for.

    It ends early with the right of who asked for the export to see such a list.
    """
    query = request.GET
    try:
        check_link(export_id, name, query.get("expires", ""), query.get("signature", ""))
        content = _content(export_id)
    except Forbidden as refusal:
        return handle(refusal)
    except FileNotFoundError:
        return problem("not_found", "There is no such export any more.")
    if request.method == "HEAD":
        with content:
            return HttpResponse(headers={"Content-Length": str(content.size)})
    is_gzipped = name.endswith(".gz")
    response = FileResponse(
        content,
        as_attachment=True,
        filename=name,
        content_type="application/gzip" if is_gzipped else "text/csv; charset=utf-8",
    )
    response.block_size = CHUNK
    response.headers["Cache-Control"] = "private, no-transform"
    return response


def _content(export_id: UUID) -> "File[bytes]":
    """Raises FileNotFoundError."""
    job = made(export_id)
    if job is None:
        raise FileNotFoundError(export_id)
    return files.open_file(files.name_of(job.id, job.attempts))
