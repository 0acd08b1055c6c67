"""What a device or a browser gets for a signed link."""

import time
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.http import http_date
from pytest_django import Settings

from artifacts.links import signed_path
from artifacts.models import Artifact
from artifacts.storage import path_of
from auditlog.models import AuditEntry
from tests.make import make_mender_file, upload_artifact

pytestmark = pytest.mark.django_db
CONTENT = make_mender_file("release-1", payload=bytes(range(256)) * 3000, compression="none")
LATER = int(time.time()) + 3600


@pytest.fixture
def artifact() -> Artifact:
    return upload_artifact(payload=bytes(range(256)) * 3000, compression="none")


@pytest.fixture
def path(artifact: Artifact) -> str:
    return signed_path(artifact.id, "release-1.mender", LATER)


def body(response: HttpResponse) -> bytes:
    """All of it; the test client closes the response at its end."""
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_whole_file(client: Client, artifact: Artifact, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert (
        dict(response.items()).items()
        >= {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-transform",
            "Content-Disposition": 'attachment; filename="release-1.mender"',
            "Content-Length": str(len(CONTENT)),
            "Content-Type": "application/vnd.mender-artifact",
            "ETag": f'"{artifact.sha256}"',
            "Last-Modified": http_date(artifact.created_at.timestamp()),
        }.items()
    )
    assert "Content-Encoding" not in response


def test_the_head_says_the_same_without_a_body(client: Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.items()) == dict(get.items())
    assert body(get) == CONTENT


def test_a_range(client: Client, path: str) -> None:
    response = client.get(path, headers={"Range": "bytes=300000-600000"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 300000-600000/{len(CONTENT)}"
    assert response["Content-Length"] == "300001"
    assert body(response) == CONTENT[300_000:600_001]


def test_a_broken_download_is_taken_up_where_it_broke_off(client: Client, path: str) -> None:
    first = client.get(path)
    headers = {"Range": "bytes=1000-", "If-Range": first["ETag"]}
    response = client.get(path, headers=headers)
    assert response.status_code == 206
    assert CONTENT[:1000] + body(response) == CONTENT
    headers["If-Range"] = '"another"'
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    assert body(response) == body(first)


def test_a_range_outside_of_the_file(client: Client, path: str) -> None:
    response = client.get(path, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_only_get_knows_ranges(client: Client, path: str) -> None:
    response = client.head(path, headers={"Range": "bytes=0-9"})
    assert (response.status_code, response["Content-Length"]) == (200, str(len(CONTENT)))


def test_conditions(client: Client, artifact: Artifact, path: str) -> None:
    etag = f'"{artifact.sha256}"'
    unchanged = client.get(path, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", etag)
    assert "Content-Type" not in unchanged
    assert client.get(path, headers={"If-Match": '"other"'}).status_code == 412
    old = http_date(artifact.created_at.timestamp() - 10)
    assert client.get(path, headers={"If-Unmodified-Since": old}).status_code == 412
    new = http_date(artifact.created_at.timestamp() + 10)
    assert client.head(path, headers={"If-Modified-Since": new}).status_code == 304


def test_a_changed_link_is_refused(client: Client, path: str) -> None:
    assert client.get(path.replace("release-1", "release-2")).status_code == 403
    assert client.get(path.partition("?")[0]).status_code == 403
    assert client.get(path + "x").status_code == 403


def test_an_expired_link_is_refused(client: Client, artifact: Artifact) -> None:
    assert client.get(signed_path(artifact.id, "x.mender", 1)).status_code == 403


def test_a_deleted_artifact_is_not_found(client: Client, artifact: Artifact, path: str) -> None:
    path_of(artifact.file).unlink()
    assert client.get(path).status_code == 404
    assert client.get(signed_path(uuid4(), "x.mender", LATER)).status_code == 404


def test_nothing_but_get_and_head(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.delete(path).status_code == 405


def test_any_name_will_do(client: Client, artifact: Artifact) -> None:
    response = client.get(signed_path(artifact.id, 'a/../b "ü"\n.mender', LATER))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''a_.._b%20")
    assert body(response) == CONTENT


def test_a_download_is_not_in_the_audit_log(client: Client, path: str) -> None:
    before = AuditEntry.objects.count()
    body(client.get(path))
    assert AuditEntry.objects.count() == before


def test_nginx_may_send_the_file(
    client: Client, settings: Settings, artifact: Artifact, path: str
) -> None:
    settings.ACCEL_LOCATION = "/internal/artifacts/"
    response = client.get(path)
    assert response["X-Accel-Redirect"] == f"/internal/artifacts/{quote(artifact.file)}"
    assert response["Content-Type"] == "application/vnd.mender-artifact"
    assert response.content == b""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_link_is_only_for_reading(path: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
