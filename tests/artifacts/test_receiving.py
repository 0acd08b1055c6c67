"""An artifact in a form goes to the storage as it arrives, and out again if it can't stay."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from api.bodies import ChunkedHandler, ChunkedRequest
from artifacts import receiving
from artifacts.models import Artifact
from artifacts.storage import path_of
from tests.api.test_bodies import environ
from tests.artifacts.stored import stored_files
from tests.make import make_mender_file, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.artifacts.upload_urls")]
CONTENT = make_mender_file("release-1", payload=bytes(range(256)) * 4000, compression="none")


def artifact_part(content: bytes = CONTENT) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.mender", content)


def send(client: Client, *fields: tuple[str, Any], path: str = "/upload") -> HttpResponse:
    return client.post(path, dict(fields))


@pytest.mark.parametrize("name", ["artifact", "Artifact", "ARTIFACT"])
def test_it_is_stored_byte_for_byte(client: Client, name: str) -> None:
    make_organization()
    assert send(client, (name, artifact_part())).content == b"added"
    assert path_of(Artifact.objects.get().file).read_bytes() == CONTENT


def test_fields_may_come_before_and_after(client: Client) -> None:
    make_organization()
    fields = [("size", "1"), ("artifact", artifact_part()), ("Description", "d"), ("x", "y")]
    assert send(client, *fields).content == b"added"
    assert Artifact.objects.get().description == "d"


def test_other_files_are_passed_over(client: Client) -> None:
    make_organization()
    other = SimpleUploadedFile("other", b"x" * 600_000)
    fields = [("other", other), ("artifact", artifact_part()), ("another", other)]
    assert send(client, *fields).content == b"added"
    assert len(stored_files()) == 1


def test_of_two_the_first_counts(client: Client) -> None:
    make_organization()
    second = artifact_part(make_mender_file("release-2"))
    assert send(client, ("artifact", [artifact_part(), second])).content == b"added"
    assert Artifact.objects.get().release.name == "release-1"


@pytest.mark.parametrize("fields", [[], [("artifact", "text")], [("file", artifact_part())]])
def test_no_file_is_invalid(client: Client, fields: list[tuple[str, Any]]) -> None:
    make_organization()
    assert send(client, *fields).content == b"artifact_missing"
    assert stored_files() == []


def test_a_body_of_another_type_is_invalid(client: Client) -> None:
    make_organization()
    response = client.post("/upload", CONTENT, content_type="application/octet-stream")
    assert response.content == b"artifact_missing"


def test_a_file_that_is_too_large_is_refused(client: Client, settings: Settings) -> None:
    make_organization()
    settings.ARTIFACT_SIZE_LIMIT = len(CONTENT) - 1
    assert send(client, ("artifact", artifact_part())).content == b"artifact_too_large"
    assert stored_files() == []


def test_it_is_refused_by_its_announced_length_before_any_of_it(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_organization()
    settings.ARTIFACT_SIZE_LIMIT = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    monkeypatch.setattr(receiving.Incoming, "write", None)
    assert send(client, ("artifact", artifact_part())).content == b"artifact_too_large"


@pytest.mark.usefixtures("_no_middleware")
def test_a_sender_that_goes_on_and_on_is_cut_off(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_organization()
    settings.ARTIFACT_SIZE_LIMIT = 1000
    monkeypatch.setattr(receiving, "LINGER_SECONDS", 0)
    answer, left = chunked(b"".join(parts(b"x" * 5_000_000)))
    assert answer == b"artifact_too_large"
    assert left > 4_000_000


def test_the_quota_holds(client: Client) -> None:
    make_organization(storage_limit=len(CONTENT) - 1)
    assert send(client, ("artifact", artifact_part())).content == b"storage_quota"
    assert stored_files() == []


def test_what_no_artifact_is_made_of_goes_with_the_request(client: Client) -> None:
    make_organization()
    response = send(client, ("artifact", artifact_part()), path="/abandon")
    assert response.content == str(len(CONTENT)).encode()
    assert stored_files() == []


def test_fields_too_large_for_memory_are_refused(client: Client) -> None:
    make_organization()
    fields = [("artifact", artifact_part()), ("description", "x" * 2_000_000)]
    assert send(client, *fields).content == b"form_too_large"
    assert stored_files() == []


def parts(content: bytes) -> list[bytes]:
    head = b'Content-Disposition: form-data; name="artifact"; filename="a"\r\n\r\n'
    return [b"--edge\r\n", head, content, b"\r\n--edge--\r\n"]


def chunked(body: bytes, **extra: Any) -> tuple[bytes, int]:
    """The answer to a body as Granian hands it over, and how much of that was not read."""
    content_type = "multipart/form-data; boundary=edge"
    sent = environ(body, PATH_INFO="/upload", CONTENT_TYPE=content_type, **extra)
    request = ChunkedRequest(sent)
    response = ChunkedHandler().get_response(request)
    request.close()
    stream: io.BytesIO = sent["wsgi.input"]
    return response.content, len(stream.read())


@pytest.fixture
def _no_middleware(settings: Settings) -> None:
    settings.MIDDLEWARE = []


@pytest.mark.usefixtures("_no_middleware")
def test_it_needs_no_length() -> None:
    make_organization()
    assert chunked(b"".join(parts(CONTENT))) == (b"added", 0)
    assert path_of(Artifact.objects.get().file).read_bytes() == CONTENT


@pytest.mark.usefixtures("_no_middleware")
@pytest.mark.parametrize("missing", [1, 12, 13, 14, 500, len(CONTENT)])
@pytest.mark.parametrize("announced", [True, False])
def test_a_sender_that_goes_away_leaves_nothing(missing: int, *, announced: bool) -> None:
    make_organization()
    body = b"".join(parts(CONTENT))
    length = {"length": len(body)} if announced else {}
    answer, _ = chunked(body[:-missing], **length)
    if missing == 1 and not announced:
        assert answer == b"added"  # all but the last line feed, after the closing boundary
    else:
        assert answer in {b"upload_incomplete", b"malformed_form"}
        assert stored_files() == []
        assert not Artifact.objects.exists()
