"""The images of an appliance: what fits its type, and what is on its way to it."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.utils import timezone

from artifacts.models import Artifact, IncomingImage, Release
from auditlog.models import AuditEntry
from fleet.models import Device, Organization, Role
from tests.api.npm.callers import Npm, npm_caller
from tests.make import (
    make_artifact,
    make_deployment,
    make_mender_file,
    make_organization,
    make_release,
    make_target,
    upload_artifact,
)

RAW = b"\x7fELF any file" * 100


def error(answer: HttpResponse) -> tuple[int, str]:
    assert answer.json().keys() == {"error_id", "error_text"}
    return answer.status_code, answer.json()["error_id"]


def test_there_are_none(npm: Npm) -> None:
    assert npm.get("/images").json() == {"items": []}


def test_what_fits_the_type_is_listed_by_its_number(npm: Npm, device: Device) -> None:
    first = upload_artifact(device.organization, "fw-1", device_types=["AR11"])
    upload_artifact(device.organization, "other", device_types=["board"])
    second = upload_artifact(device.organization, "fw-2", device_types=["board", "AR11"])
    upload_artifact(make_organization(), "theirs", device_types=["AR11"])
    items = npm.get("/images").json()["items"]
    assert items == [npm.get(f"/images/items/{each.pk}").json() for each in (first, second)]
    assert items[0] == {
        "id": first.pk,
        "state": "VALID",
        "state_description": "The image is valid",
        "progress": 100,
        "checksum": first.sha256,
        "version": "fw-1",
    }
    twin = make_target(device.organization, device_type="AR11")
    assert npm_caller(twin).get("/images").json()["items"] == items


def test_a_mender_artifact_brings_its_own_name(npm: Npm) -> None:
    answer = npm.upload(make_mender_file("fw-7", device_types=["AR11"]), version="ignored")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["version"]) == ("VALID", "fw-7")
    artifact = Artifact.objects.get()
    assert (artifact.pk, artifact.release.name) == (answer.json()["id"], "fw-7")
    assert not IncomingImage.objects.exists()


def test_any_other_file_is_kept_as_it_comes(npm: Npm, device: Device) -> None:
    told = npm.upload(RAW, version="11.5.2").json()
    artifact = Artifact.objects.select_related("release").get()
    assert told == {
        "id": artifact.pk,
        "state": "VALID",
        "state_description": "The image is valid",
        "progress": 100,
        "checksum": artifact.sha256,
        "version": "11.5.2",
    }
    release = artifact.release
    assert (release.name, release.title, release.version) == ("AR11 11.5.2", "AR11", "11.5.2")
    assert (artifact.format, artifact.device_types, artifact.size) == ("raw", ["AR11"], len(RAW))
    assert artifact.module.type.key == "os"
    entry = AuditEntry.objects.get(action="upload")
    assert entry.object_id == str(artifact.id)


def test_what_is_uploaded_next_has_the_next_id(npm: Npm, device: Device) -> None:
    first = npm.upload(RAW, version="1").json()["id"]
    other = upload_artifact(device.organization, "fw", device_types=["AR11"])
    second = npm.upload(RAW, version="2").json()["id"]
    assert first < other.pk < second
    assert [each["id"] for each in npm.get("/images").json()["items"]] == [first, other.pk, second]


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ({"Content-Disposition": 'attachment; filename="ar11-11.6.0-rc2.tar.gz"'}, "11.6.0-rc2"),
        ({"Content-Disposition": "attachment; filename=ar11-v12.iso"}, "12"),
        ({"Content-Disposition": "attachment; filename=firmware.bin"}, None),
        ({"X-Image-Version": " 3.0 beta "}, "3.0 beta"),
        ({}, None),
    ],
)
def test_the_version_is_told_or_in_the_name(
    npm: Npm, headers: dict[str, str], version: str | None
) -> None:
    told = npm.post("/images/upload", RAW, content_type="", headers=headers).json()
    assert told["state"] == "VALID"
    assert told.get("version") == version


def test_two_without_a_version_are_two_releases(npm: Npm) -> None:
    assert [npm.upload(RAW).json()["state"] for _ in range(2)] == ["VALID", "VALID"]
    assert Release.objects.count() == 2


@pytest.mark.parametrize("version", ["x" * 256, "1\x01", "caf\xe9"])
def test_what_is_no_version(npm: Npm, version: str) -> None:
    answer = npm.upload(RAW, version=version)
    assert error(answer) == (400, "REQUEST_INVALID_INPUT")
    assert npm.get("/images").json() == {"items": []}


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_it_may_come_as_a_part_of_a_form(npm: Npm, method: str) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="ar-2.0.1.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + RAW + b"\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x"
    told = npm.send(method, "/images/upload", body, content_type=kind).json()
    assert (told["state"], told["version"]) == ("VALID", "2.0.1")
    assert Artifact.objects.get().size == len(RAW)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/json", "text/plain; charset=x", ""]
)
def test_it_may_call_itself_anything(npm: Npm, kind: str) -> None:
    answer = npm.send("PUT", "/images/upload", RAW, content_type=kind)
    assert answer.json()["state"] == "VALID"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", b""),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\n1\r\n--x--',
        ),
    ],
)
def test_there_is_no_image_in_it(npm: Npm, kind: str, body: bytes) -> None:
    answer = npm.send("POST", "/images/upload", body, content_type=kind)
    assert error(answer) == (400, "REQUEST_INVALID_INPUT")
    assert npm.get("/images").json() == {"items": []}


def invalid(npm: Npm, content: bytes, *, version: str = "1") -> str:
    """What is said of an image that is not valid, and is kept to be seen."""
    answer = npm.upload(content, version=version)
    told = answer.json()
    assert (answer.status_code, told["state"], told["progress"]) == (200, "INVALID", 100)
    assert npm.get(f"/images/items/{told['id']}").json() == told
    assert told in npm.get("/images").json()["items"]
    return str(told["state_description"])


def test_for_another_type(npm: Npm) -> None:
    described = invalid(npm, make_mender_file(device_types=["board", "beagle"]))
    assert described == "The image is for board, beagle; the device is of type AR11."
    assert not Artifact.objects.exists()


def test_a_mender_artifact_that_is_damaged(npm: Npm) -> None:
    content = make_mender_file(device_types=["AR11"])
    assert "ends" in invalid(npm, content[: len(content) // 3])


def test_the_same_version_again(npm: Npm) -> None:
    npm.upload(RAW, version="1")
    assert invalid(npm, RAW) == "There is an image of this name and version already."


def test_a_device_of_no_type(organization: Organization) -> None:
    npm = npm_caller(make_target(organization))
    assert invalid(npm, RAW) == "The device has not said yet of what type it is."


def test_beyond_the_quota(npm: Npm, organization: Organization) -> None:
    organization.storage_limit = len(RAW) - 1
    organization.save()
    assert "no room" in invalid(npm, RAW)


def test_beyond_the_limit(npm: Npm, settings: pytest.FixtureRequest) -> None:
    settings.ARTIFACT_SIZE_LIMIT = len(RAW) - 1  # type: ignore[attr-defined]
    assert invalid(npm, RAW) == "Artifact file too large"


def test_a_device_that_speaks_mender_s_takes_nothing_else(board: Device) -> None:
    npm = npm_caller(board)
    assert invalid(npm, RAW).startswith("This device takes Mender artifacts only")
    told = npm.upload(make_mender_file("new", device_types=["board"])).json()
    assert (told["state"], told["version"]) == ("VALID", "new")


def test_what_was_kept_raw_is_not_for_a_device_that_speaks_mender_s(board: Device) -> None:
    twin = make_target(board.organization, device_type="board")
    raw = npm_caller(twin).upload(RAW, version="9").json()["id"]
    assert npm_caller(board).get("/images").json() == {"items": []}
    assert npm_caller(board).get(f"/images/items/{raw}").status_code == 404
    assert npm_caller(board).delete(f"/images/items/{raw}").status_code == 404


def test_one_of_a_release_that_was_invalidated(npm: Npm, device: Device) -> None:
    artifact = upload_artifact(device.organization, "fw", device_types=["AR11"])
    Release.objects.update(invalidated_at=timezone.now())
    assert npm.get(f"/images/items/{artifact.pk}").json()["state"] == "INVALID"


def test_one_is_deleted_for_all_of_the_type(npm: Npm, device: Device) -> None:
    twin = npm_caller(make_target(device.organization, device_type="AR11"))
    number = npm.upload(RAW, version="1").json()["id"]
    answer = twin.delete(f"/images/items/{number}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert npm.get("/images").json() == {"items": []}
    assert error(npm.delete(f"/images/items/{number}")) == (404, "RESOURCE_NOT_FOUND")
    assert not Release.objects.exists()
    assert AuditEntry.objects.filter(action="delete").count() == 1


def test_one_in_use_is_not_deleted(npm: Npm, device: Device) -> None:
    artifact = make_artifact(make_release(device.organization), device_types=["AR11"])
    make_deployment(devices=[device], release=artifact.release)
    answer = npm.delete(f"/images/items/{artifact.pk}")
    assert error(answer) == (409, "IMAGE_IN_USE")
    assert npm.get(f"/images/items/{artifact.pk}").status_code == 200


def test_what_went_wrong_is_deleted_alone(npm: Npm) -> None:
    number = npm.upload(make_mender_file()).json()["id"]
    assert npm.delete(f"/images/items/{number}").status_code == 204
    assert npm.get("/images").json() == {"items": []}
    assert AuditEntry.objects.filter(action="delete").count() == 1


@pytest.mark.parametrize("image", ["0", "-1", "1.0", "x", str(2**31), "9" * 40, "\u0661"])
def test_what_is_no_id(npm: Npm, image: str) -> None:
    for method in ("GET", "DELETE"):
        assert error(npm.send(method, f"/images/items/{image}")) == (404, "RESOURCE_NOT_FOUND")


CALLS: list[Callable[[Npm], HttpResponse]] = [
    lambda npm: npm.upload(RAW),
    lambda npm: npm.post("/images/fetch", {"url": "https://a.example/x"}),
    lambda npm: npm.put("/images/fetch", {"url": "https://a.example/x"}),
    lambda npm: npm.delete("/images/items/1"),
]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.CI, Role.REMOTE_TERMINAL])
def test_who_may_not_write(device: Device, role: Role) -> None:
    npm = npm_caller(device, role)
    for call in CALLS:
        assert error(call(npm)) == (403, "AUTH_FORBIDDEN")
    may_read = role in {Role.VIEWER, Role.OPERATOR}
    assert npm.get("/images").status_code == (200 if may_read else 403)
    assert not IncomingImage.objects.exists()


def test_nothing_is_sent(npm: Npm) -> None:
    for method in ("POST", "PUT"):
        answer = npm.send(method, "/images/upload", b"", content_type="")
        assert error(answer) == (400, "REQUEST_INVALID_INPUT")


@pytest.mark.parametrize(
    ("disposition", "version"),
    [
        ("attachment; filename*=UTF-8''a%00b-1.0.bin", "1.0"),
        ("attachment; filename*=unicode_escape''%5Cud800-1.0.bin", "1.0"),
        *(("attachment; filename*=undefined''x-1.0", ""), ("attachment; filename*=x''x-1.0", "")),
        ("attachment; filename*=base64''x", ""),
    ],
)
def test_a_name_that_cannot_be_kept(npm: Npm, disposition: str, version: str) -> None:
    headers = {"Content-Disposition": disposition}
    answer = npm.send("POST", "/images/upload", b"any", content_type="", headers=headers)
    assert (answer.status_code, answer.json().get("version", "")) == (200, version)
