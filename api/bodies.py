"""Request bodies with or without an announced length, read to where they really end.

Device clients send bodies in chunks, with no Content-Length. A server that sets
`wsgi.input_terminated` ends the stream where the body ends; one that doesn't would block there.
When a client goes away in mid-body the stream just ends, so the end has to be checked.
"""

import sys
from collections.abc import Iterable, Mapping
from io import IOBase
from typing import Any, BinaryIO, cast

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters

Form = tuple[QueryDict, MultiValueDict[str, Any]]


class Body(IOBase):
    """What a client sends as a WSGI server hands it over.

    Reading raises ConnectionAbortedError if it ends before its announced length.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        self._stream = environ["wsgi.input"]
        self._left = announced_length(environ)

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._most(size)
        return self._counted(self._stream.read(wanted), wanted)

    def readline(self, size: int | None = -1, /) -> bytes:
        most = self._most(size)
        line: bytes = self._stream.readline(most)
        return self._counted(line, min(most, len(line) or 1))

    def _most(self, size: int | None) -> int:
        """How much to read, -1 for everything; never past the announced length."""
        limit = sys.maxsize if self._left is None else self._left
        most = limit if size is None or size < 0 else min(size, limit)
        return -1 if most == sys.maxsize else most

    def _counted(self, data: bytes, wanted: int) -> bytes:
        if self._left is not None:
            if len(data) < wanted:
                raise ConnectionAbortedError(f"the body ended {self._left - len(data)} bytes early")
            self._left -= len(data)
        return data


def announced_length(environ: Mapping[str, Any]) -> int | None:
    """Bytes of the body; None if it is to be read to its end."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        return int(length)
    return None if environ.get("wsgi.input_terminated") and not length else 0


class ChunkedRequest(WSGIRequest):
    """A request whose body need not say how long it is.

    `body` is refused with RequestDataTooBig once it passes DATA_UPLOAD_MAX_MEMORY_SIZE, and
    nothing beyond that is read.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__(environ)
        self._stream = cast("BinaryIO", Body(environ))

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        """Text comes in UTF-8, whatever charset is announced.

        Django would decode even the query by any codec of Python's: some decode to no text, some
        fail, some make halves of surrogate pairs that no database takes.
        """
        content_type = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(content_type)
        except ValueError:
            self.content_type, self.content_params = "", {}

    def parse_file_upload(self, META: Mapping[str, Any], post_data: Any) -> Form:  # noqa: N803
        # Django's parser takes a missing length for an empty body.
        endless = {} if announced_length(META) is not None else {"CONTENT_LENGTH": str(sys.maxsize)}
        source = _Tailed(post_data)
        try:
            post, files = super().parse_file_upload({**META, **endless}, cast("Any", source))
        except Exception:
            # Django closes what is complete, but not what a handler is in the middle of.
            _close(handler.file for handler in self.upload_handlers if hasattr(handler, "file"))
            raise
        if source.has_ended and self._closing_boundary() not in source.tail:
            _close(file for _, each in files.lists() for file in each)
            raise MultiPartParserError("The form ended before its closing boundary.")
        return post, files

    def _closing_boundary(self) -> bytes:
        return f"--{(self.content_params or {})['boundary']}--".encode()


class ChunkedHandler(WSGIHandler):
    """Django's WSGI application, for servers that pass on bodies without a length."""

    request_class = ChunkedRequest


def _close(files: Iterable[Any]) -> None:
    for file in files:
        file.close()


class _Tailed:
    """Remembers the last bytes that were read, and whether there were no more."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.tail = b""
        self.has_ended = False

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self.tail = (self.tail + data[-512:])[-512:]
        self.has_ended = not data
        return data
