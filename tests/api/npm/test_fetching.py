"""The server fetches an image for an appliance, and is no way into the house."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings

from artifacts import fetching_images
from artifacts.models import Artifact, IncomingImage
from artifacts.sweeping_images import sweep_images
from auditlog.models import AuditEntry
from fleet.models import ApiKey, Device, Membership, Role
from jobs.models import Job
from jobs.running import run, run_due
from tests.api.npm.callers import Npm, key_caller
from tests.artifacts.stored import stored_files
from tests.make import make_mender_file
from tests.webhooks.receiver import Receiver, receiving, status

RAW = b"any file" * 1000


@pytest.fixture
def server(settings: Settings) -> Iterator[Receiver]:
    settings.FETCH_PRIVATE_NETWORKS = True
    with receiving() as receiver:
        receiver.answer = status(200, RAW)
        yield receiver


def fetched(npm: Npm, url: str) -> dict[str, Any]:
    """What becomes of it."""
    answer = npm.post("/images/fetch", {"url": url})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"], told["progress"]) == ("UPLOADING", 0)
    assert npm.get(f"/images/items/{told['id']}").json() == told
    run_due()
    assert Job.objects.get().state == Job.State.DONE
    found: dict[str, Any] = npm.get(f"/images/items/{told['id']}").json()
    assert found["progress"] == 100
    return found


def refusal(answer: HttpResponse) -> tuple[int, str]:
    assert answer.json().keys() == {"error_id", "error_text"}
    return answer.status_code, answer.json()["error_id"]


def test_it_is_fetched(npm: Npm, server: Receiver) -> None:
    told = fetched(npm, f"{server.url}/ar11-11.4.0.bin?token=1")
    assert (told["state"], told["version"]) == ("VALID", "11.4.0")
    assert told["checksum"] == Artifact.objects.get().sha256
    (asked,) = server.received
    assert asked.path == "/hook/ar11-11.4.0.bin?token=1"
    assert "authorization" not in asked.headers
    assert AuditEntry.objects.filter(action="upload").count() == 1
    assert not IncomingImage.objects.exists()


def test_an_api_key_may_ask_for_it(device: Device, server: Receiver) -> None:
    npm = key_caller(device)
    assert fetched(npm, server.url)["state"] == "VALID"
    entry = AuditEntry.objects.get(action="upload")
    assert entry.actor_name == ApiKey.objects.get().key_id


def test_a_redirect_is_followed(npm: Npm, server: Receiver) -> None:
    def lead(handler: BaseHTTPRequestHandler) -> None:
        is_there = handler.path.endswith("/there")
        answer = status(200, RAW) if is_there else status(302, Location=f"{server.url}/there")
        answer(handler)

    server.answer = lead
    assert fetched(npm, server.url)["state"] == "VALID"


def test_a_mender_artifact_is_checked(npm: Npm, server: Receiver) -> None:
    server.answer = status(200, make_mender_file())
    told = fetched(npm, server.url)
    assert (told["state"], "board" in told["state_description"]) == ("INVALID", True)
    assert stored_files() == []


@pytest.mark.parametrize(
    ("answer", "described"),
    [
        (status(404), "It answered 404."),
        (status(204), "It answered 204."),
        (status(302, Location="/hook"), "It led on more than 5 times."),
        (status(302, Location="ftp://a.example/x"), "ftp is none of http, https."),
        (status(302, Location="http://[::1"), "The connection failed"),
        (status(302, Location="http://xn--/"), "The connection failed"),
    ],
)
def test_an_answer_that_is_no_file(npm: Npm, server: Receiver, answer: Any, described: str) -> None:
    server.answer = answer
    told = fetched(npm, server.url)
    assert told["state"] == "UPLOAD_ERROR"
    assert told["state_description"].startswith(described)
    assert stored_files() == []


def test_an_answer_that_breaks_off(npm: Npm, server: Receiver) -> None:
    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        handler.close_connection = True

    server.answer = half
    assert fetched(npm, server.url)["state"] == "UPLOAD_ERROR"
    assert stored_files() == []


def test_an_answer_that_does_not_end(
    npm: Npm, server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching_images, "READ", 0.2)
    server.answer = server.hang
    assert fetched(npm, server.url)["state_description"] == "It took too long to answer."


def trickle(head: bytes) -> Any:
    """A byte now and then after that, for ever."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"HTTP/1.0 200 OK\r\n\r\n",
    ],
)
def test_an_answer_that_takes_its_time(
    npm: Npm, server: Receiver, settings: Settings, head: bytes
) -> None:
    settings.FETCH_SECONDS = 1
    server.answer = trickle(head)
    begun = time.monotonic()
    assert fetched(npm, server.url)["state_description"] == "It was not there after 1 s."
    assert time.monotonic() - begun < 10
    assert stored_files() == []


def test_one_that_ends_with_its_connection_may_have_been_cut_off(
    npm: Npm, device: Device, server: Receiver
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + content)
        handler.close_connection = True

    content = RAW
    server.answer = answer
    assert fetched(npm, server.url)["state"] == "UPLOAD_ERROR"
    Job.objects.all().delete()
    content = make_mender_file(device_types=[device.device_type])
    assert fetched(npm, server.url)["state"] == "VALID"


def test_an_answer_that_is_too_large(npm: Npm, server: Receiver, settings: Settings) -> None:
    settings.ARTIFACT_SIZE_LIMIT = len(RAW) - 1
    told = fetched(npm, server.url)
    assert (told["state"], told["state_description"]) == ("INVALID", "Artifact file too large")


def test_nobody_is_there(npm: Npm, settings: Settings) -> None:
    settings.FETCH_PRIVATE_NETWORKS = True
    assert fetched(npm, "http://127.0.0.1:1/x")["state"] == "UPLOAD_ERROR"


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"),
        *("http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://2130706433/"),
        *("http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0:{port}/"),
    ],
)
def test_no_private_address_is_called(
    npm: Npm, server: Receiver, settings: Settings, url: str
) -> None:
    settings.FETCH_PRIVATE_NETWORKS = False
    told = fetched(npm, url.format(port=server.url.split(":")[2].partition("/")[0]))
    assert told["state"] == "UPLOAD_ERROR"
    assert "private network" in told["state_description"]
    assert server.received == []


def test_none_after_a_redirect_either(
    npm: Npm, server: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first server is public, as far as this test is concerned."""
    settings.FETCH_PRIVATE_NETWORKS = False
    asked: list[str] = []
    really = fetching_images.allowed

    def allowed(host: str, addresses: list[str]) -> list[str]:
        asked.append(host)
        return addresses if host == "127.0.0.1" else really(host, addresses)

    monkeypatch.setattr(fetching_images, "allowed", allowed)
    server.answer = status(302, Location=server.url.replace("127.0.0.1", "localhost"))
    told = fetched(npm, server.url)
    assert "private network" in told["state_description"]
    assert asked == ["127.0.0.1", "localhost"]
    assert len(server.received) == 1


def test_one_that_was_deleted_is_not_fetched(npm: Npm, server: Receiver) -> None:
    number = npm.put("/images/fetch", {"url": server.url}).json()["id"]
    assert npm.delete(f"/images/items/{number}").status_code == 204
    run_due()
    assert server.received == []
    assert Job.objects.get().state == Job.State.DONE


def test_one_that_is_deleted_meanwhile(npm: Npm, server: Receiver) -> None:
    def delete(handler: BaseHTTPRequestHandler) -> None:
        status(200, RAW)(handler)

    number = npm.post("/images/fetch", {"url": server.url}).json()["id"]
    server.answer = delete
    really = fetching_images.note

    def note(image: IncomingImage, **facts: Any) -> None:
        npm.delete(f"/images/items/{number}")
        really(image, **facts)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fetching_images, "note", note)
        run_due()
    assert npm.get("/images").json() == {"items": []}
    assert stored_files() == []


def test_a_worker_that_died_leaves_it_to_the_next(npm: Npm, server: Receiver) -> None:
    number = npm.post("/images/fetch", {"url": server.url}).json()["id"]
    IncomingImage.objects.update(state="validating", received=5, sha256="0" * 64)
    assert sweep_images() == 0
    run_due()
    assert npm.get(f"/images/items/{number}").json()["state"] == "VALID"
    job = Job.objects.get()
    Job.objects.update(state=Job.State.QUEUED, finished_at=None)
    assert run(job.id)
    assert len(server.received) == 1


def test_one_whose_job_failed_has_broken_off(npm: Npm) -> None:
    number = npm.post("/images/fetch", {"url": "https://a.example/x"}).json()["id"]
    Job.objects.all().delete()
    assert sweep_images() == 1
    assert npm.get(f"/images/items/{number}").json()["state"] == "UPLOAD_ERROR"


def test_who_asked_is_no_member_any_more(npm: Npm, server: Receiver) -> None:
    npm.post("/images/fetch", {"url": server.url})
    Membership.objects.all().delete()
    run_due()
    assert IncomingImage.objects.get().state == "upload_error"
    assert server.received == []


def test_who_asked_may_not_any_more(npm: Npm, server: Receiver) -> None:
    npm.post("/images/fetch", {"url": server.url})
    Membership.objects.update(role=Role.VIEWER)
    run_due()
    assert IncomingImage.objects.get().state == "invalid"
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b'"x"', b"{}", b'{"url": 1}', b'{"url": null}', b'{"url": ""}'),
        *(b'{"url": "ftp://a.example/"}', b'{"url": "file:///etc/passwd"}', b'{"url": "nowhere"}'),
        b'{"url": "http://user:secret@a.example/"}',
        b'{"url": "http://a.example/' + b"x" * 2048 + b'"}',
        b'{"url": "http://a.example/\\u0000"}',
        b'{"url": "http://xn--/"}',
    ],
)
def test_what_is_no_address(npm: Npm, body: bytes) -> None:
    assert refusal(npm.post("/images/fetch", body)) == (400, "REQUEST_INVALID_INPUT")
    assert not IncomingImage.objects.exists()


def test_a_body_of_another_kind(npm: Npm) -> None:
    answer = npm.post("/images/fetch", b"url=x", content_type="application/x-www-form-urlencoded")
    assert refusal(answer) == (415, "REQUEST_UNSUPPORTED_MEDIA_TYPE")


def test_a_body_too_large(npm: Npm) -> None:
    answer = npm.post("/images/fetch", b'{"url": "' + b"x" * 2**20 + b'"}')
    assert refusal(answer) == (413, "REQUEST_TOO_LARGE")


def test_no_address_is_sent(npm: Npm) -> None:
    for method in ("POST", "PUT"):
        answer = npm.send(method, "/images/fetch", {"other": 1})
        assert refusal(answer) == (400, "REQUEST_INVALID_INPUT")
