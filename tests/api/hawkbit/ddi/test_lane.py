"""The lane in front of Django answers polls as Django does, and nothing else."""

from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from api import lanes
from api.hawkbit.ddi import fast_lane, poll
from api.hawkbit.ddi.fast_lane import FastLane
from artifacts.models import Release
from fleet.models import Device, Organization
from fleet.security_tokens import token_of
from tests.api.hawkbit.ddi.callers import Controller, allow, spelt
from tests.api.hawkbit.ddi.making import assign
from tests.api.mender.lanes import Answer, beside_the_lane


def ask(
    path: str, method: str = "GET", environ: dict[str, Any] | None = None, **headers: str
) -> Answer:
    request = RequestFactory().generic(method, path, headers=spelt(headers))
    told: list[Any] = []

    def start_response(status: str, sent: list[tuple[str, str]], *_: Any) -> Any:
        told[:] = [int(status.split(maxsplit=1)[0]), dict(sent)]

    # Django has read it: a server hands over its bytes as if they were Latin-1.
    raw_path = request.path_info.encode().decode("latin-1")
    asked = request.environ | {"PATH_INFO": raw_path} | (environ or {})
    body = b"".join(FastLane(beside_the_lane)(asked, start_response))
    return Answer(told[0], told[1], body)


@pytest.fixture
def by_token(device: Device) -> dict[str, str]:
    allow(device.organization, target_token_enabled=True)
    return {"Authorization": f"TargetToken {token_of(device)}"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/T/controller/v1/d"),
        ("PUT", "/T/controller/v1/d"),
        ("GET", "/T/controller/v1/d/"),
        ("GET", "/T/controller/v1/d/configData"),
        ("GET", "/T/controller/v1/"),
        ("GET", "/T/controller/v2/d"),
        ("GET", "/x/T/controller/v1/d"),
        ("GET", "/rest/v1/targets"),
    ],
)
def test_everything_but_polls_goes_on_to_django(method: str, path: str) -> None:
    assert ask(path, method).status_code == 299


def test_it_answers_as_django_does(
    box: Controller, by_token: dict[str, str], device: Device, release: Release
) -> None:
    assign(device, release)
    box.get()
    with CaptureQueriesContext(connection) as queries:
        answer = ask(box.root, **by_token)
    assert len(queries) == 1
    through_django = box.get()
    assert answer.content == through_django.content
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary"):
        assert answer.headers[name] == through_django.headers[name]
    again = ask(box.root, **by_token, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Length" not in again.headers


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/NOBODY/controller/v1/dev-1", {}, 401),
        ("{root}", {"Authorization": "TargetToken wrong"}, 401),
        ("{root}x", {}, 401),
        ("{root}", {"Accept": "text/html"}, 406),
        ("{root}" + "x" * 300, {}, 400),
        ("{root}%00", {}, 400),
    ],
)
def test_what_it_refuses_django_refuses_alike(
    device: Device, by_token: dict[str, str], path: str, headers: dict[str, str], status: int
) -> None:
    root = f"/{device.organization.key}/controller/v1/dev-1"
    headers = by_token | headers
    box = Controller(device.organization, "dev-1")
    in_front = ask(path.format(root=root), **headers)
    behind = box.client.get(path.format(root=root), headers=spelt(headers))
    assert (in_front.status_code, in_front.content) == (status, behind.content)
    assert behind.status_code == status
    assert bool(behind.content) == (status == 406)


def test_names_in_any_letters(organization: Organization) -> None:
    allow(organization, anonymous_enabled=True)
    answer = ask(f"/{organization.key}/controller/v1/%C3%A4")
    assert answer.status_code == 200
    assert Device.objects.of(organization).get().controller_id == "ä"
    assert answer.json()["_links"]["configData"]["href"].endswith("/%C3%A4/configData")


def test_the_address_by_which_it_reaches_us(
    device: Device, by_token: dict[str, str], settings: Settings
) -> None:
    root = f"/{device.organization.key}/controller/v1/dev-1"

    def link(**environ: str) -> str:
        answer = ask(root, environ=environ, **by_token)
        return str(answer.json()["_links"]["configData"]["href"])

    assert link(HTTP_HOST="here:8080") == f"http://here:8080{root}/configData"
    settings.PUBLIC_URL = "https://updates.example.com"
    assert link(HTTP_HOST="here") == f"https://updates.example.com{root}/configData"
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "", ["updates.example.com"]
    assert ask(root, environ={"HTTP_HOST": "evil"}, **by_token).status_code == 400


def test_a_broken_connection_is_replaced(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def answer(_: poll.Poll) -> poll.Reply:
        attempts.append(1)
        if len(attempts) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return poll.Reply(200, {}, b"")

    broken = Mock(in_atomic_block=False)
    broken.is_usable.return_value = False
    monkeypatch.setattr(fast_lane, "answer", answer)
    monkeypatch.setattr(lanes, "connections", {"default": broken})
    assert ask("/T/controller/v1/d").status_code == 200
    broken.close.assert_called_once_with()


def test_a_database_that_fails_is_an_internal_error(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(poll, "look", fail)
    answer = ask("/T/controller/v1/d")
    assert answer.status_code == 500
    assert answer.json()["errorCode"] == "hawkbit.server.error.repo.genericError"


def test_a_device_that_asks_too_often_waits(
    device: Device, by_token: dict[str, str], settings: Settings
) -> None:
    settings.DEVICE_RATE = 30
    root = f"/{device.organization.key}/controller/v1/dev-1"
    answers = [ask(root, **by_token).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
