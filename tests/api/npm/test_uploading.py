"""An image is seen from its first byte on, and what goes wrong on its way is seen afterwards."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from api.bodies import ChunkedHandler, ChunkedRequest
from artifacts import receiving, receiving_images
from artifacts.models import Artifact, IncomingImage
from artifacts.receiving_images import announce, begin
from artifacts.sweeping import sweep_abandoned
from artifacts.sweeping_images import sweep_images
from auditlog.actor import system
from fleet.models import Device
from tests.api.npm.callers import BASE, Npm
from tests.artifacts.stored import stored_files
from tests.make import make_mender_file

MIB = 1024 * 1024
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a-1.0.bin"\r\n\r\n'
    + b"y" * MIB
    + b"\r\n"
)


class Watched(io.BytesIO):
    """A body that is looked at as it is read."""

    def __init__(self, content: bytes, look: Callable[[], None]) -> None:
        super().__init__(content)
        self._look = look

    def read(self, size: int | None = -1, /) -> bytes:
        self._look()
        return super().read(size)


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving_images, "TOLD_EVERY", 0)


def sent(npm: Npm, body: io.BytesIO, *, length: int | None = None, kind: str = "") -> Any:
    """Status and JSON of an upload as Granian hands it over, without a length for one in chunks."""
    made = RequestFactory().generic("POST", f"{BASE}/images/upload", b"").environ
    made.pop("CONTENT_LENGTH", None)
    made |= {"CONTENT_TYPE": kind, "wsgi.input": body, "wsgi.input_terminated": True}
    made |= {"HTTP_HOST": npm.host, "HTTP_AUTHORIZATION": npm.authorization}
    made |= {} if length is None else {"CONTENT_LENGTH": str(length)}
    answer = ChunkedHandler().get_response(ChunkedRequest(made))
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("is_form", [False, True])
def test_others_see_it_come(npm: Npm, *, is_form: bool) -> None:
    seen: list[dict[str, Any]] = []

    def look() -> None:
        seen.extend(npm.get("/images").json()["items"])

    content = FORM + b"--x--\r\n" if is_form else b"y" * MIB
    kind = "multipart/form-data; boundary=x" if is_form else ""
    status, told = sent(npm, Watched(content, look), length=len(content), kind=kind)
    assert (status, told["state"]) == (200, "VALID")
    assert {each["state"] for each in seen} == {"UPLOADING"}
    assert {each["id"] for each in seen} == {told["id"]}
    shown = [each["progress"] for each in seen]
    assert shown == sorted(shown)
    assert len(set(shown)) > 2
    assert all(type(each) is int and each < 100 for each in shown)


def test_one_in_chunks_has_no_length(npm: Npm, device: Device) -> None:
    shown = set()

    def look() -> None:
        shown.update(each["progress"] for each in npm.get("/images").json()["items"])

    content = make_mender_file(device_types=[device.device_type], payload=b"y" * MIB)
    assert sent(npm, Watched(content, look))[1]["state"] == "VALID"
    assert shown == {0}


def test_any_other_file_has_to_say_where_it_ends(npm: Npm) -> None:
    """A server that hands over a body in chunks does not say that it broke off."""
    status, told = sent(npm, io.BytesIO(b"y" * MIB))
    assert (status, told["state"]) == (200, "UPLOAD_ERROR")
    assert "length has to be announced" in told["state_description"]
    assert not Artifact.objects.exists()
    assert stored_files() == []
    whole = io.BytesIO(FORM + b"--x--\r\n")
    assert sent(npm, whole, kind="multipart/form-data; boundary=x")[1]["state"] == "VALID"


@pytest.mark.parametrize(
    ("content", "kind"), [(b"y" * MIB, ""), (FORM, "multipart/form-data; boundary=x")]
)
def test_one_that_breaks_off(npm: Npm, content: bytes, kind: str) -> None:
    sent(npm, io.BytesIO(content), length=2 * MIB, kind=kind)
    (told,) = npm.get("/images").json()["items"]
    assert (told["state"], told["progress"]) == ("UPLOAD_ERROR", 100)
    assert "broke off" in told["state_description"]
    assert "checksum" not in told
    assert stored_files() == []


def test_a_form_in_chunks_that_never_ends(npm: Npm) -> None:
    status, told = sent(npm, io.BytesIO(FORM[:-2]), kind="multipart/form-data; boundary=x")
    assert (status, told["error_id"]) == (400, "REQUEST_INVALID_INPUT")
    assert [each["state"] for each in npm.get("/images").json()["items"]] == ["UPLOAD_ERROR"]
    assert stored_files() == []


@pytest.mark.parametrize("is_form", [False, True])
def test_one_that_is_deleted_while_it_comes(npm: Npm, *, is_form: bool) -> None:
    def look() -> None:
        for each in npm.get("/images").json()["items"]:
            assert npm.delete(f"/images/items/{each['id']}").status_code == 204

    content = FORM + b"--x--\r\n" if is_form else b"y" * MIB
    kind = "multipart/form-data; boundary=x" if is_form else ""
    status, told = sent(npm, Watched(content, look), length=len(content), kind=kind)
    assert (status, told["error_id"]) == (404, "RESOURCE_NOT_FOUND")
    assert npm.get("/images").json() == {"items": []}
    assert stored_files() == []


def test_who_goes_on_and_on_is_cut_off(
    npm: Npm, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ARTIFACT_SIZE_LIMIT = 1000
    monkeypatch.setattr(receiving, "LINGER_SECONDS", 0)
    body = io.BytesIO(b"x" * 5_000_000)
    assert sent(npm, body)[1]["state"] == "INVALID"
    assert len(body.read()) > 4_000_000


def test_a_failure_of_ours_is_told(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: HttpRequest) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(receiving_images, "_facts", fail)
    answer = npm.upload(b"x")
    assert (answer.status_code, answer.json()["error_id"]) == (500, "INTERNAL_ERROR")
    assert b"secret" not in answer.content
    (told,) = npm.get("/images").json()["items"]
    assert told["state"] == "UPLOAD_ERROR"
    assert stored_files() == []


def coming(device: Device) -> IncomingImage:
    return announce(actor=system(device.organization_id), device=device)


def test_one_whose_sender_died_has_broken_off(npm: Npm, device: Device) -> None:
    image = coming(device)
    incoming = begin(image)
    incoming.write(b"half")
    assert sweep_images() == 0
    # What the kernel does with the lock of a process that is gone.
    incoming.keep()
    assert sweep_images() == 1
    assert npm.get(f"/images/items/{image.pk}").json()["state"] == "UPLOAD_ERROR"
    assert sweep_abandoned() == 1
    assert stored_files() == []


def test_one_that_never_had_a_file_has_broken_off_after_a_moment(npm: Npm, device: Device) -> None:
    image = coming(device)
    assert sweep_images() == 0
    IncomingImage.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert sweep_images() == 1
    assert npm.get(f"/images/items/{image.pk}").json()["state"] == "UPLOAD_ERROR"


def test_what_went_wrong_is_forgotten_after_a_day(npm: Npm) -> None:
    npm.upload(make_mender_file())
    npm.upload(b"any", version="1")
    assert sweep_images() == 0
    IncomingImage.objects.update(ended_at=timezone.now() - timedelta(hours=24))
    assert sweep_images() == 1
    assert [each["state"] for each in npm.get("/images").json()["items"]] == ["VALID"]
    assert Artifact.objects.count() == 1
