"""Bodies with and without a length, as a WSGI server hands them over."""

import io
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory
from pytest_django import Settings

from api.bodies import ChunkedHandler, ChunkedRequest

FORM = (
    b"--edge\r\n"
    b'Content-Disposition: form-data; name="size"\r\n\r\n5\r\n'
    b"--edge\r\n"
    b'Content-Disposition: form-data; name="artifact"; filename="a.mender"\r\n\r\n'
    b"abc\r\ndef\r\n"
    b"--edge\r\n"
    b'Content-Disposition: form-data; name="description"\r\n\r\nlast\r\n'
    b"--edge--\r\n"
)


def environ(body: bytes, *, length: int | None = None, **extra: Any) -> dict[str, Any]:
    """What Granian passes on; without a length for a chunked body."""
    made = RequestFactory().generic("POST", "/", b"").environ
    made.pop("CONTENT_LENGTH", None)
    announced = {} if length is None else {"CONTENT_LENGTH": str(length)}
    stream = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    return made | {"CONTENT_TYPE": "application/json"} | stream | announced | extra


def form(body: bytes, **extra: Any) -> ChunkedRequest:
    content_type = "multipart/form-data; boundary=edge"
    request = ChunkedRequest(environ(body, CONTENT_TYPE=content_type, **extra))
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return request


def test_a_body_without_a_length_is_read_to_its_end() -> None:
    assert ChunkedRequest(environ(b'{"a": 1}')).body == b'{"a": 1}'


def test_a_body_with_a_length_is_read_no_further() -> None:
    assert ChunkedRequest(environ(b'{"a": 1}POST / HTTP', length=8)).body == b'{"a": 1}'


def test_a_server_that_does_not_end_the_stream_is_not_waited_for() -> None:
    silent = environ(b"never asked for", **{"wsgi.input_terminated": False})
    assert ChunkedRequest(silent).body == b""


@pytest.mark.parametrize("length", ["", "-1"])
def test_a_length_that_is_none_is_an_empty_body_or_an_unknown_one(length: str) -> None:
    body = ChunkedRequest(environ(b"abc", CONTENT_LENGTH=length)).body
    assert body == (b"abc" if length == "" else b"")


def test_a_body_that_breaks_off_is_an_error() -> None:
    with pytest.raises(UnreadablePostError):
        ChunkedRequest(environ(b'{"a"', length=8)).body  # noqa: B018


@pytest.mark.parametrize("length", [None, 1001])
def test_a_body_too_big_for_memory_is_not_read_further(
    settings: Settings, length: int | None
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    request = ChunkedRequest(environ(b"x" * 5000, length=length))
    with pytest.raises(RequestDataTooBig):
        request.body  # noqa: B018
    assert request.environ["wsgi.input"].tell() <= 1001
    exact = ChunkedRequest(environ(b"x" * 1000, length=length and 1000))
    assert len(exact.body) == 1000


def test_it_can_be_read_by_line() -> None:
    request = ChunkedRequest(environ(b"one\ntwo\nthree"))
    assert list(request) == [b"one\n", b"two\n", b"three"]
    request = ChunkedRequest(environ(b"one\ntwo\nthree", length=7))
    assert request.readlines() == [b"one\n", b"two"]
    request = ChunkedRequest(environ(b"one\ntwo", length=20))
    with pytest.raises(UnreadablePostError):
        request.readlines()


@pytest.mark.parametrize("length", [None, len(FORM)])
def test_a_form_arrives_whole(length: int | None) -> None:
    request = form(FORM, length=length)
    assert request.POST.dict() == {"size": "5", "description": "last"}
    assert request.FILES["artifact"].read() == b"abc\r\ndef"
    request.close()


@pytest.mark.parametrize("cut", [20, 150, 200, len(FORM) - 20, len(FORM) - 4])
def test_a_form_that_breaks_off_gives_nothing(cut: int) -> None:
    with pytest.raises(UnreadablePostError):
        form(FORM[:cut], length=len(FORM)).POST.dict()
    request = form(FORM[:cut])
    with pytest.raises(MultiPartParserError):
        request.POST.dict()
    assert not request.FILES


@pytest.mark.parametrize("charset", ["rot13", "base64", "utf-7", "punycode", "utf-16"])
def test_text_is_utf_8_whatever_charset_is_announced(charset: str) -> None:
    query = {"QUERY_STRING": "id=+2AA-%C3%BC"}
    content_type = f"multipart/form-data; boundary=edge; charset={charset}"
    request = ChunkedRequest(environ(FORM, CONTENT_TYPE=content_type, **query))
    assert request.GET["id"] == " 2AA-ü"
    assert request.POST["description"] == "last"
    request.close()


def test_a_content_type_that_cannot_be_read_is_none() -> None:
    request = ChunkedRequest(environ(b"{}", CONTENT_TYPE="text/plain; a*=none''%41"))
    assert (request.content_type, request.body) == ("", b"{}")


def test_a_form_whose_body_was_read_before_still_works() -> None:
    request = form(FORM)
    assert request.body == FORM
    assert request.POST["description"] == "last"
    request.close()


def test_the_application_makes_such_requests() -> None:
    assert ChunkedHandler.request_class is ChunkedRequest
