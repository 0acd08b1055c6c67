"""A file comes by a signed link of its own, whole or not at all, and once."""

import io
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from api.bodies import ChunkedHandler, ChunkedRequest
from artifacts import receiving, uploads
from artifacts.direct import LINK_LIFETIME, announce, complete
from artifacts.links import check_link, signed_upload_url
from artifacts.models import Artifact, PendingUpload
from artifacts.quotas import storage_usage
from artifacts.storage import path_of
from artifacts.sweeping import sweep_abandoned, sweep_pending
from fleet.errors import Forbidden
from fleet.models import Organization
from jobs.models import Job
from jobs.running import run_due
from tests.api.test_bodies import environ
from tests.artifacts.stored import stored_files
from tests.make import make_actor, make_mender_file, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = make_mender_file("os-9", payload=bytes(range(256)) * 4000, compression="none")


@pytest.fixture
def home() -> Organization:
    return make_organization()


@pytest.fixture
def upload(home: Organization) -> PendingUpload:
    return announce(actor=make_actor(home), organization=home)


def link(upload: PendingUpload, lifetime: timedelta = LINK_LIFETIME) -> str:
    return signed_upload_url(upload.id, base="", lifetime=lifetime).uri


def put(url: str, content: bytes = CONTENT) -> Any:
    return Client().put(url, content, content_type="application/octet-stream")


def test_a_file_is_kept_and_counted_until_it_is_an_artifact(
    home: Organization, upload: PendingUpload
) -> None:
    assert put(link(upload)).status_code == 200
    assert storage_usage(home) == len(CONTENT)
    assert sweep_abandoned() == sweep_pending() == 0
    complete(actor=make_actor(home), organization=home, upload_id=upload.id)
    run_due()
    artifact = Artifact.objects.get()
    assert (artifact.id, artifact.release.name) == (upload.id, "os-9")
    assert path_of(artifact.file).read_bytes() == CONTENT
    assert stored_files() == [path_of(artifact.file)]
    assert storage_usage(home) == len(CONTENT)
    assert not PendingUpload.objects.exists()


def test_a_link_is_good_for_one_file(upload: PendingUpload) -> None:
    assert put(link(upload)).status_code == 200
    assert put(link(upload)).status_code == 409
    assert len(stored_files()) == 1


def test_of_two_that_come_at_once_one_stays(upload: PendingUpload) -> None:
    with patch.object(uploads, "awaited", return_value=upload):
        assert [put(link(upload)).status_code for _ in range(2)] == [200, 409]
    assert len(stored_files()) == 1


def test_a_link_that_is_not_ours_or_too_old_is_refused(upload: PendingUpload) -> None:
    for url in (
        f"/files/uploads/{upload.id}",
        link(upload)[:-1],
        link(upload).replace("expires=1", "expires=2"),
        link(upload, timedelta(seconds=-5)),
    ):
        assert put(url).status_code == 403
    assert stored_files() == []


def test_a_link_to_fetch_is_none_to_send(upload: PendingUpload) -> None:
    query = dict(part.split("=") for part in link(upload).partition("?")[2].split("&"))
    check_link(upload.id, None, query["expires"], query["signature"])
    with pytest.raises(Forbidden):
        check_link(upload.id, "", query["expires"], query["signature"])


def test_only_put_is_known(upload: PendingUpload) -> None:
    assert Client().get(link(upload)).status_code == 405
    assert Client().post(link(upload), CONTENT, content_type="x/y").status_code == 405


def test_too_much_is_refused(home: Organization, upload: PendingUpload, settings: Settings) -> None:
    settings.ARTIFACT_SIZE_LIMIT = len(CONTENT) - 1
    assert put(link(upload)).status_code == 413
    settings.ARTIFACT_SIZE_LIMIT = len(CONTENT)
    home.storage_limit = len(CONTENT) - 1
    home.save()
    assert put(link(upload)).status_code == 413
    assert stored_files() == []
    home.storage_limit = len(CONTENT)
    home.save()
    assert put(link(upload)).status_code == 200


def chunked(url: str, content: bytes, **extra: Any) -> tuple[int, int]:
    """The status for a body as Granian hands it over, and how much of that was not read."""
    path, _, query = url.partition("?")
    sent = environ(content, PATH_INFO=path, QUERY_STRING=query, REQUEST_METHOD="PUT", **extra)
    response = ChunkedHandler().get_response(ChunkedRequest(sent))
    stream: io.BytesIO = sent["wsgi.input"]
    return response.status_code, len(stream.read())


def test_it_needs_no_length(upload: PendingUpload) -> None:
    assert chunked(link(upload), CONTENT) == (200, 0)
    assert stored_files()[0].read_bytes() == CONTENT


def test_one_that_broke_off_may_be_sent_again(upload: PendingUpload) -> None:
    cut = {"CONTENT_LENGTH": str(len(CONTENT))}
    assert chunked(link(upload), CONTENT[:-1], **cut) == (400, 0)
    assert stored_files() == []
    assert put(link(upload)).status_code == 200


def test_who_goes_on_and_on_is_cut_off(
    upload: PendingUpload, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARTIFACT_SIZE_LIMIT = 1000
    monkeypatch.setattr(receiving, "LINGER_SECONDS", 0)
    status, left = chunked(link(upload), b"x" * 5_000_000)
    assert status == 413
    assert left > 4_000_000


def test_what_nobody_completes_goes(home: Organization, upload: PendingUpload) -> None:
    put(link(upload))
    other = announce(actor=make_actor(home), organization=home)
    PendingUpload.objects.update(expires_at=timezone.now())
    assert put(link(other)).status_code == 404
    assert sweep_pending() == 2
    assert stored_files() == []


def test_what_is_no_artifact_leaves_nothing_and_says_why(
    home: Organization, upload: PendingUpload
) -> None:
    put(link(upload), b"garbage")
    complete(actor=make_actor(home), organization=home, upload_id=upload.id)
    run_due()
    assert "not" in Job.objects.get().error
    assert Job.objects.get().state == "failed"
    assert stored_files() == []
    assert not PendingUpload.objects.exists()
