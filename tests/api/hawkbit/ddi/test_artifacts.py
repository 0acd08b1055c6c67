"""The files of an action: whole, in parts, with their checksums, and for whom."""

import hashlib
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from artifacts.models import Release
from artifacts.storage import path_of
from deployments.models import DeviceDeployment
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, allow, controller, downloads
from tests.api.hawkbit.ddi.conftest import CONTENT
from tests.api.hawkbit.ddi.making import assign, entries
from tests.make import make_deployment, make_distribution_set, make_target, upload_artifact

SHA1 = hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@pytest.fixture
def row(box: Controller, device: Device, release: Release) -> DeviceDeployment:
    made = assign(device, release)
    assert box.get(f"deploymentBase/{made.number}").status_code == 200
    return made


@pytest.fixture
def folder(row: DeviceDeployment, release: Release) -> str:
    return f"softwaremodules/{release.modules.get().pk}/artifacts"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_list_of_a_module(box: Controller, folder: str) -> None:
    (file,) = box.get(folder).json()
    assert file["filename"] == "a.bin"
    assert file["hashes"] == {
        "sha1": SHA1,
        "md5": MD5,
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    assert file["size"] == len(CONTENT)
    assert file["_links"]["md5sum-http"]["href"].endswith("a.bin.MD5SUM")


def test_over_https_the_links_are_called_otherwise(
    box: Controller, folder: str, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://updates.example.com"
    (file,) = box.get(folder).json()
    assert set(file["_links"]) == {"download", "md5sum"}
    assert file["_links"]["download"]["href"].startswith("https://updates.example.com/ORG-")


def test_the_whole_file(box: Controller, folder: str) -> None:
    response = box.get(f"{folder}/a.bin", Accept_Encoding="gzip", Accept="application/octet-stream")
    assert response.status_code == 200
    assert body(response) == CONTENT
    headers = response.headers
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["ETag"] == f'"{SHA1}"'
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == 'attachment; filename="a.bin"'
    assert "Content-Encoding" not in headers
    assert headers["Last-Modified"]


def test_head(box: Controller, folder: str, row: DeviceDeployment) -> None:
    response = box.head(f"{folder}/a.bin")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["ETag"] == f'"{SHA1}"'
    assert entries(row) == [("pending", "retrieved")]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=2000-", 2000, 2047), ("bytes=-48", 2000, 2047)],
)
def test_a_part(box: Controller, folder: str, asked: str, first: int, last: int) -> None:
    response = box.get(f"{folder}/a.bin", Range=asked)
    assert response.status_code == 206
    assert body(response) == CONTENT[first : last + 1]
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/2048"
    assert response.headers["Content-Length"] == str(last - first + 1)


def test_several_parts(box: Controller, folder: str) -> None:
    response = box.get(f"{folder}/a.bin", Range="bytes=0-1, 5-6,-2")
    assert response.status_code == 206
    boundary = "THIS_STRING_SEPARATES_MULTIPART"
    assert response.headers["Content-Type"] == f"multipart/byteranges; boundary={boundary}"
    sent = body(response)
    assert response.headers["Content-Length"] == str(len(sent))
    head = f"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes "
    assert sent == (
        f"{head}0-1/2048\r\n\r\n".encode()
        + CONTENT[:2]
        + f"{head}5-6/2048\r\n\r\n".encode()
        + CONTENT[5:7]
        + f"{head}2046-2047/2048\r\n\r\n".encode()
        + CONTENT[-2:]
        + f"\r\n--{boundary}--\r\n".encode()
    )


@pytest.mark.parametrize("asked", ["bytes=2048-", "bytes=9000-9001,9100-"])
def test_parts_that_are_not_there(box: Controller, folder: str, asked: str) -> None:
    response = box.get(f"{folder}/a.bin", Range=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == "bytes */2048"


@pytest.mark.parametrize(
    "asked", ["bytes=0-2047,0-2047", "bytes=0-1," * 40 + "3-4", "bytes=a-b,1-2", "lines=1-2,3-4"]
)
def test_the_whole_instead_of_odd_parts(box: Controller, folder: str, asked: str) -> None:
    response = box.get(f"{folder}/a.bin", Range=asked)
    assert response.status_code == 200
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_Match": f'"{SHA1}"'}, 200),
        ({"If_Match": '"other"'}, 412),
        ({"If_None_Match": f'"{SHA1}"'}, 304),
        ({"Range": "bytes=0-1", "If_Range": f'"{SHA1}"'}, 206),
        ({"Range": "bytes=0-1,4-5", "If_Range": f'"{SHA1}"'}, 206),
        ({"Range": "bytes=0-1", "If_Range": '"other"'}, 200),
        ({"Range": "bytes=0-1,4-5", "If_Range": '"other"'}, 200),
    ],
)
def test_conditions(box: Controller, folder: str, headers: dict[str, str], status: int) -> None:
    response = box.get(f"{folder}/a.bin", **headers)
    assert response.status_code == status
    body(response)


def test_the_checksum(box: Controller, folder: str) -> None:
    response = box.get(f"{folder}/a.bin.MD5SUM", Accept="text/plain")
    assert response.status_code == 200
    assert response.content == f"{MD5}  a.bin".encode()
    assert response.headers["Content-Type"].startswith("text/plain")


def test_a_download_is_noted_and_a_part_is_not(
    box: Controller, folder: str, row: DeviceDeployment
) -> None:
    body(box.get(f"{folder}/a.bin", Range="bytes=5-"))
    assert entries(row) == [("pending", "retrieved")]
    body(box.get(f"{folder}/a.bin"))
    assert entries(row)[-1] == ("downloading", "")
    event = row.events.last()
    assert event is not None
    assert event.messages == [f"Update Server: Target downloads {box.root}/{folder}/a.bin"]
    row.refresh_from_db()
    assert row.state == "downloading"
    box.say(f"deploymentBase/{row.number}", "proceeding")
    body(box.get(f"{folder}/a.bin"))
    row.refresh_from_db()
    assert row.state == "installing"


def test_what_is_installed_can_be_fetched_again(
    box: Controller, folder: str, row: DeviceDeployment
) -> None:
    box.say(f"deploymentBase/{row.number}", "closed", "success")
    before = entries(row)
    assert body(box.get(f"{folder}/a.bin")) == CONTENT
    assert entries(row) == before


@pytest.mark.parametrize("path", ["", "/a.bin", "/a.bin.MD5SUM"])
def test_only_what_it_is_to_install(
    box: Controller, device: Device, release: Release, path: str
) -> None:
    module = f"softwaremodules/{release.modules.get().pk}/artifacts"

    def status() -> int:
        response = box.get(module + path)
        body(response)
        return int(response.status_code)

    assert status() == 404, "nobody assigned it"
    row = assign(device, release)
    assert status() == 404, "the device has not come for it"
    box.get(f"deploymentBase/{row.number}")
    assert status() == 200
    DeviceDeployment.objects.update(cancel_requested_at=timezone.now())
    assert status() == 404, "it is to leave it"
    DeviceDeployment.objects.update(cancel_requested_at=None)
    box.say(f"deploymentBase/{row.number}", "closed", "failure")
    assert status() == 404, "it has failed"


def test_not_what_another_is_to_install(
    box: Controller, organization: Organization, folder: str
) -> None:
    other = controller(make_target(organization, "other"))
    assert other.get(folder).status_code == 404
    assert other.get(f"{folder}/a.bin").status_code == 404


@pytest.mark.parametrize(
    "name", ["b.bin", "A.BIN", "a.bin.md5sum", "..", "%2e%2e", "a.bin.MD5SUMS"]
)
def test_no_other_file(box: Controller, folder: str, name: str) -> None:
    response = box.get(f"{folder}/{name}")
    assert response.status_code == 404
    assert box.get("softwaremodules/4711/artifacts").status_code == 404
    assert box.get("softwaremodules/x/artifacts").status_code == 400


def test_a_name_that_addresses_escape(box: Controller, device: Device) -> None:
    name = "fw 1%ä?#.bin"
    release = make_distribution_set(device.organization, "odd", files={name: b"odd"})
    row = assign(device, release)
    (address,) = downloads(box.get(f"deploymentBase/{row.number}").json())
    assert body(box.get(address)) == b"odd"
    assert box.get(f"{address}.MD5SUM").content.endswith(f"  {name}".encode())


def test_bytes_that_are_gone(box: Controller, folder: str, release: Release) -> None:
    path_of(release.modules.get().files.get().file).unlink()
    response = box.get(f"{folder}/a.bin")
    assert response.status_code == 410
    assert response.json()["errorCode"] == "hawkbit.server.error.artifact.binaryDeleted"


def test_anonymous_downloads(organization: Organization, folder: str) -> None:
    nobody = Controller(organization, "dev-1")
    assert nobody.get(f"{folder}/a.bin").status_code == 401
    allow(organization, anonymous_download_enabled=True)
    assert body(nobody.get(f"{folder}/a.bin")) == CONTENT
    assert nobody.get(folder).status_code == 401
    assert nobody.get().status_code == 401


def test_a_proxy_sends_it(
    box: Controller, folder: str, release: Release, settings: Settings
) -> None:
    settings.ACCEL_LOCATION = "/internal"
    response = box.get(f"{folder}/a.bin")
    file = release.modules.get().files.get().file
    assert response.headers["X-Accel-Redirect"] == f"/internal/{file}"


def test_an_artifact_of_menders(
    box: Controller, organization: Organization, device: Device
) -> None:
    device.device_type = "board"
    device.save()
    artifact = upload_artifact(organization, "os-2")
    other = upload_artifact(organization, "os-2", device_types=["other"])
    deployment = make_deployment(release=artifact.release, devices=[device])
    row = deployment.device_deployments.get()
    (address,) = downloads(box.get(f"deploymentBase/{row.number}").json())
    response = box.get(address)
    assert body(response) == path_of(artifact.file).read_bytes()
    assert response.headers["Content-Type"] == "application/octet-stream"
    not_ours = address.replace(f"/{artifact.module.pk}/", f"/{other.module.pk}/")
    assert box.get(not_ours).status_code == 404
