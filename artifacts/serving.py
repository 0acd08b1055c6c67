"""Sends a file that is stored: whole, from where it broke off, or not at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, http_date

from artifacts.chunks import File
from artifacts.models import ModuleFile
from artifacts.multipart import CONTENT_TYPE, Multipart
from artifacts.ranges import (
    Unsatisfiable,
    Validators,
    Verdict,
    precondition,
    wanted_range,
    wanted_ranges,
)
from artifacts.storage import path_of

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What is sent: `file` is its name in the storage, `digest` what its entity tag is made of.

    The file never changes, so it is as old as its row, whatever is edited of that later.
    """

    file: str
    filename: str
    size: int
    digest: str
    created_at: datetime
    content_type: str = "application/octet-stream"

    @classmethod
    def of(cls, kept: ModuleFile | File) -> Self:
        """A file of a software module, with the tag that hawkBit gives it."""
        return cls(kept.file, kept.filename, kept.size, kept.sha1, kept.created_at)


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


def serve(request: HttpRequest, content: Content) -> HttpResponseBase:
    """The answer to a GET or HEAD request for the file; raises FileNotFoundError."""
    response = _answer(request, content)
    if response.status_code < 300:
        if response.headers.get("Content-Type") != CONTENT_TYPE:
            response["Content-Type"] = content.content_type
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=content.filename
        )
    return response


def plain(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain")


def _answer(request: HttpRequest, content: Content) -> HttpResponseBase:
    if settings.ACCEL_LOCATION:
        return _handed_to_proxy(content)
    current = Validators(f'"{content.digest}"', int(content.created_at.timestamp()))
    verdict = precondition(request.headers, current)
    if verdict is Verdict.PRECONDITION_FAILED:
        return plain(412, "This is not the file you asked for any more.")
    if verdict is Verdict.NOT_MODIFIED:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _content(request, content, current)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-transform"
    response["ETag"] = current.etag
    response["Last-Modified"] = http_date(current.modified)
    return response


def _handed_to_proxy(content: Content) -> HttpResponse:
    """nginx sends the file, and heeds ranges and conditions by validators of its own."""
    location = f"{settings.ACCEL_LOCATION.rstrip('/')}/{quote(content.file)}"
    return HttpResponse(headers={"X-Accel-Redirect": location})


def _content(request: HttpRequest, content: Content, current: Validators) -> HttpResponseBase:
    try:
        part = _part(request, content, current)
        several = _several(request, content, current)
    except Unsatisfiable:
        response = plain(416, "The artifact has no such bytes.")
        response["Content-Range"] = f"bytes */{content.size}"
        return response
    if several:
        return several
    sent = FileSlice(path_of(content.file), part or range(content.size))
    if request.method == "HEAD":
        sent.close()
        return HttpResponse(headers={"Content-Length": str(content.size)})
    answer = StreamingHttpResponse(sent, status=206 if part else 200)
    answer["Content-Length"] = str(len(part or range(content.size)))
    if part:
        answer["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{content.size}"
    return answer


def _part(request: HttpRequest, content: Content, current: Validators) -> range | None:
    """Only GET knows ranges (RFC 9110 §14.2)."""
    is_head = request.method == "HEAD"
    return None if is_head else wanted_range(request.headers, current, content.size)


def _several(
    request: HttpRequest, content: Content, current: Validators
) -> HttpResponseBase | None:
    """The answer to a list of ranges."""
    if request.method == "HEAD":
        return None
    parts = wanted_ranges(request.headers, current, content.size)
    if not parts:
        return None
    path = path_of(content.file)
    path.stat()  # what is gone is told before the answer begins
    sent = Multipart(parts, content.size, content.content_type, lambda part: FileSlice(path, part))
    answer = StreamingHttpResponse(sent, status=206, content_type=CONTENT_TYPE)
    answer["Content-Length"] = str(sent.length)
    return answer
