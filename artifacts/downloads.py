"""Serves an artifact to whoever holds a signed link: whole, from where it broke off, or not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from artifacts.links import check_link
from artifacts.models import Artifact
from artifacts.ranges import Unsatisfiable, Validators, Verdict, precondition, wanted_range
from artifacts.storage import path_of
from fleet.errors import Forbidden

CHUNK = 256 * 1024
CONTENT_TYPE = "application/vnd.mender-artifact"


@csrf_exempt
@require_safe
def download(request: HttpRequest, artifact_id: UUID, name: str) -> HttpResponseBase:
    """GET and HEAD of what `artifacts.links.signed_path` makes; no other proof is asked for."""
    expires, signature = request.GET.get("expires", ""), request.GET.get("signature", "")
    try:
        check_link(artifact_id, name, expires, signature)
        response = _answer(request, Artifact.objects.get(id=artifact_id))
    except Forbidden as refusal:
        return _plain(403, refusal.message)
    except (Artifact.DoesNotExist, FileNotFoundError):
        return _plain(404, "This artifact has been deleted.")
    if response.status_code < 300:
        response["Content-Type"] = CONTENT_TYPE
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
    return response


class FileSlice:
    """The bytes of one part of a file; closes it, even if it was never iterated."""

    def __init__(self, path: Path, part: range) -> None:
        self._stream = path.open("rb", buffering=0)
        self._part = part
        self.close = self._stream.close

    def __iter__(self) -> Iterator[bytes]:
        self._stream.seek(self._part.start)
        left = len(self._part)
        while left and (chunk := self._stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _answer(request: HttpRequest, artifact: Artifact) -> HttpResponseBase:
    if settings.ACCEL_LOCATION:
        return _handed_to_proxy(artifact)
    # The file never changes, so it is as old as its row, whatever is edited of that later.
    current = Validators(f'"{artifact.sha256}"', int(artifact.created_at.timestamp()))
    verdict = precondition(request.headers, current)
    if verdict is Verdict.PRECONDITION_FAILED:
        return _plain(412, "This is not the file you asked for any more.")
    if verdict is Verdict.NOT_MODIFIED:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _content(request, artifact, current)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-transform"
    response["ETag"] = current.etag
    response["Last-Modified"] = http_date(current.modified)
    return response


def _handed_to_proxy(artifact: Artifact) -> HttpResponse:
    """nginx sends the file, and heeds ranges and conditions by validators of its own."""
    location = f"{settings.ACCEL_LOCATION.rstrip('/')}/{quote(artifact.file)}"
    return HttpResponse(headers={"X-Accel-Redirect": location})


def _content(request: HttpRequest, artifact: Artifact, current: Validators) -> HttpResponseBase:
    try:
        part = _part(request, artifact, current)
    except Unsatisfiable:
        response = _plain(416, "The artifact has no such bytes.")
        response["Content-Range"] = f"bytes */{artifact.size}"
        return response
    content = FileSlice(path_of(artifact.file), part or range(artifact.size))
    if request.method == "HEAD":
        content.close()
        return HttpResponse(headers={"Content-Length": str(artifact.size)})
    answer = StreamingHttpResponse(content, status=206 if part else 200)
    answer["Content-Length"] = str(len(part or range(artifact.size)))
    if part:
        answer["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{artifact.size}"
    return answer


def _part(request: HttpRequest, artifact: Artifact, current: Validators) -> range | None:
    """Only GET knows ranges (RFC 9110 §14.2)."""
    is_head = request.method == "HEAD"
    return None if is_head else wanted_range(request.headers, current, artifact.size)


def _plain(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain")
