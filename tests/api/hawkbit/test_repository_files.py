"""The files of software modules: they come in with their digests, and go out whole or in parts."""

import hashlib

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django import Settings

from api.bodies import ChunkedHandler
from artifacts.models import ModuleFile, SoftwareModule
from artifacts.quotas import storage_usage
from artifacts.sweeping import sweep_abandoned
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.test_bodies import environ
from tests.artifacts.stored import stored_files

pytestmark = pytest.mark.django_db(transaction=True)
PREFIX = "hawkbit.server.error."
CONTENT = b"firmware, quite large"
SHA1 = hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def module(hawkbit: Hawkbit) -> SoftwareModule:
    body = {"name": "firmware", "version": "1.0", "type": "os"}
    [row] = hawkbit.post("/softwaremodules", [body]).json()
    return SoftwareModule.objects.get(pk=row["id"])


def sent(
    hawkbit: Hawkbit,
    module: SoftwareModule,
    content: bytes = CONTENT,
    name: str = "image.bin",
    **query: str,
) -> HttpResponse:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, content)})
    path = f"/softwaremodules/{module.pk}/artifacts"
    return hawkbit.send("POST", path, form, content_type=MULTIPART_CONTENT, **query)


def test_a_file_is_kept_with_its_digests(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    answer = sent(hawkbit, module)
    assert answer.status_code == 201
    row = answer.json()
    assert row["hashes"] == {"sha1": SHA1, "md5": MD5, "sha256": SHA256}
    assert (row["providedFilename"], row["size"]) == ("image.bin", len(CONTENT))
    at = f"/softwaremodules/{module.pk}/artifacts"
    assert hawkbit.get(at).json() == [row]
    assert hawkbit.get(f"{at}/{row['id']}").json() == row
    assert row["_links"]["download"]["href"].endswith(f"{at}/{row['id']}/download")
    assert storage_usage(hawkbit.organization) == len(CONTENT)
    assert sweep_abandoned() == 0


def test_the_name_and_the_digests_may_be_announced(
    hawkbit: Hawkbit, module: SoftwareModule
) -> None:
    query = {"filename": "other.bin", "md5sum": MD5.upper(), "sha1sum": SHA1, "sha256sum": SHA256}
    answer = sent(hawkbit, module, **query)
    assert (answer.status_code, answer.json()["providedFilename"]) == (201, "other.bin")


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_another_digest_than_announced_is_refused(
    hawkbit: Hawkbit, module: SoftwareModule, digest: str
) -> None:
    refused = sent(hawkbit, module, **{f"{digest}sum": "0" * 32})
    key = f"artifact.uploadFailed.checksum.{digest}.match"
    assert (refused.status_code, refused.json()["errorCode"]) == (400, PREFIX + key)
    assert stored_files() == []


def test_a_name_is_taken_once_in_a_module(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    sent(hawkbit, module)
    refused = sent(hawkbit, module, b"something else")
    assert (refused.status_code, refused.json()["errorCode"]) == (
        409,
        PREFIX + "repo.entityAlreadyExists",
    )
    assert len(stored_files()) == 1


def test_an_empty_file_is_none(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    refused = sent(hawkbit, module, b"")
    assert (refused.status_code, refused.content) == (400, b"")
    assert stored_files() == []


@pytest.mark.parametrize("name", ["a/b", "a\\b", "n" * 257, "<b>", "..", "a\r\nb"])
def test_a_name_is_that_of_a_file(hawkbit: Hawkbit, module: SoftwareModule, name: str) -> None:
    refused = sent(hawkbit, module, filename=name)
    assert (refused.status_code, refused.json()["errorCode"]) == (
        400,
        PREFIX + "repo.constraintViolation",
    )


def test_a_form_without_the_file_is_not_well_formed(
    hawkbit: Hawkbit, module: SoftwareModule
) -> None:
    path = f"/softwaremodules/{module.pk}/artifacts"
    form = encode_multipart(BOUNDARY, {"other": "field"})
    refused = hawkbit.send("POST", path, form, content_type=MULTIPART_CONTENT)
    assert (refused.status_code, refused.json()["errorCode"]) == (
        400,
        PREFIX + "rest.body.notReadable",
    )
    assert hawkbit.post(path, {"no": "form"}).status_code == 415


def test_too_large_a_file_and_too_many_are_refused(
    hawkbit: Hawkbit, module: SoftwareModule, settings: Settings
) -> None:
    settings.ARTIFACT_SIZE_LIMIT = len(CONTENT) - 1
    refused = sent(hawkbit, module)
    assert (refused.status_code, refused.json()["errorCode"]) == (
        403,
        PREFIX + "quota.fileSizeExceeded",
    )
    for number in range(50):
        assert sent(hawkbit, module, b"x", f"{number}").status_code == 201
    refused = sent(hawkbit, module, b"x")
    assert (refused.status_code, refused.json()["errorCode"]) == (
        403,
        PREFIX + "quota.tooManyEntries",
    )


def test_the_organization_has_room_for_so_much(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    hawkbit.organization.storage_limit = 2 * len(CONTENT) - 1
    hawkbit.organization.save()
    assert sent(hawkbit, module).status_code == 201
    refused = sent(hawkbit, module, name="second")
    assert (refused.status_code, refused.json()["errorCode"]) == (
        403,
        PREFIX + "quota.storageExceeded",
    )
    assert len(stored_files()) == 1


def test_deleting_a_file_deletes_its_bytes(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    at = f"/softwaremodules/{module.pk}/artifacts/{sent(hawkbit, module).json()['id']}"
    assert hawkbit.delete(at).status_code == 204
    assert stored_files() == []
    assert hawkbit.delete(at).status_code == 404
    assert hawkbit.get(at).status_code == 404


def test_deleting_a_module_deletes_its_files(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    sent(hawkbit, module)
    assert hawkbit.delete(f"/softwaremodules/{module.pk}").status_code == 204
    assert stored_files() == []


@pytest.mark.parametrize("way", ["set", "assignedSM"])
def test_a_deleted_module_goes_with_the_last_set_that_has_it(
    hawkbit: Hawkbit, module: SoftwareModule, way: str
) -> None:
    sent(hawkbit, module)
    body = {"name": "fw", "type": "os", "modules": [{"id": module.pk}]}
    rows = hawkbit.post("/distributionsets", [body | {"version": each} for each in "12"]).json()
    assert hawkbit.delete(f"/softwaremodules/{module.pk}").status_code == 204
    part = f"/assignedSM/{module.pk}" if way == "assignedSM" else ""
    for row in rows:
        assert len(stored_files()) == 1
        assert hawkbit.delete(f"/distributionsets/{row['id']}{part}").status_code == 204
    assert stored_files() == []
    assert hawkbit.get(f"/softwaremodules/{module.pk}").status_code == 404


def test_a_locked_module_keeps_its_files(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    number = sent(hawkbit, module).json()["id"]
    hawkbit.put(f"/softwaremodules/{module.pk}", {"locked": True})
    for refused in (
        sent(hawkbit, module, name="second"),
        hawkbit.delete(f"/softwaremodules/{module.pk}/artifacts/{number}"),
    ):
        assert (refused.status_code, refused.json()["errorCode"]) == (423, PREFIX + "locked")
    assert len(stored_files()) == 1


def test_a_file_is_downloaded_whole_in_part_or_not_again(
    hawkbit: Hawkbit, module: SoftwareModule
) -> None:
    number = sent(hawkbit, module).json()["id"]
    at = f"/softwaremodules/{module.pk}/artifacts/{number}/download"
    whole = hawkbit.get(at)
    assert b"".join(whole) == CONTENT
    assert whole["ETag"] == f'"{SHA1}"'
    assert whole["Content-Type"] == "application/octet-stream"
    assert whole["Content-Disposition"] == 'attachment; filename="image.bin"'
    part = hawkbit.get(at, headers={"range": "bytes=0-7", "accept": "application/octet-stream"})
    assert (part.status_code, b"".join(part)) == (206, CONTENT[:8])
    assert part["Content-Range"] == f"bytes 0-7/{len(CONTENT)}"
    known = hawkbit.get(at, headers={"if-none-match": whole["ETag"]})
    assert known.status_code == 304
    other = hawkbit.get(at, headers={"if-match": '"other"'})
    assert other.status_code == 412
    beyond = hawkbit.get(at, headers={"range": "bytes=100-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    head = hawkbit.send("HEAD", at)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(CONTENT)))
    assert head.content == b""


def test_a_file_whose_bytes_are_gone_is_told_so(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    number = sent(hawkbit, module).json()["id"]
    ModuleFile.objects.update(file="nowhere/nothing")
    gone = hawkbit.get(f"/softwaremodules/{module.pk}/artifacts/{number}/download")
    assert (gone.status_code, gone.json()["errorCode"]) == (
        410,
        PREFIX + "artifact.binaryDeleted",
    )


def test_a_file_is_found_below_its_own_module_only(
    hawkbit: Hawkbit, module: SoftwareModule
) -> None:
    number = sent(hawkbit, module).json()["id"]
    other = SoftwareModule.objects.create(
        organization=module.organization, type=module.type, name="other", version="1"
    )
    for path in (f"{other.pk}/artifacts/{number}", f"{other.pk}/artifacts/{number}/download"):
        assert hawkbit.get(f"/softwaremodules/{path}").status_code == 404


def test_strangers_and_viewers_send_nothing(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    number = sent(hawkbit, module).json()["id"]
    stranger = hawkbit_caller()
    assert sent(stranger, module).status_code == 404
    at = f"/softwaremodules/{module.pk}/artifacts/{number}"
    assert stranger.get(f"{at}/download").status_code == 404
    viewer = hawkbit_caller("viewer", hawkbit.organization)
    assert sent(viewer, module).status_code == 403
    assert viewer.delete(at).status_code == 403
    assert b"".join(viewer.get(f"{at}/download")) == CONTENT
    assert len(stored_files()) == 1


def test_a_file_may_come_in_chunks_without_its_length(
    hawkbit: Hawkbit, module: SoftwareModule
) -> None:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("image.bin", CONTENT)})
    at = f"/rest/v1/softwaremodules/{module.pk}/artifacts"
    headers = {"HTTP_AUTHORIZATION": hawkbit.authorization, "PATH_INFO": at}
    status: list[str] = []
    answer = ChunkedHandler()(
        environ(form, CONTENT_TYPE=MULTIPART_CONTENT, **headers),
        lambda line, _headers: status.append(line),
    )
    assert (status, orjson.loads(b"".join(answer))["size"]) == (["201 Created"], len(CONTENT))


def test_a_form_that_breaks_off_leaves_nothing(hawkbit: Hawkbit, module: SoftwareModule) -> None:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("image.bin", CONTENT)})
    path = f"/softwaremodules/{module.pk}/artifacts"
    refused = hawkbit.send("POST", path, form[:-40], content_type=MULTIPART_CONTENT)
    assert refused.status_code == 400
    assert stored_files() == []


def test_nobody_sends_before_it_is_known_who_it_is(module: SoftwareModule) -> None:
    path = f"/rest/v1/softwaremodules/{module.pk}/artifacts"
    refused = Client().post(path, {"file": SimpleUploadedFile("image.bin", CONTENT)})
    assert refused.status_code == 401
    assert stored_files() == []
