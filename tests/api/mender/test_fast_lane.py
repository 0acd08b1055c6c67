"""The lane in front of Django: what it takes, how it reads, what it does when things break."""

import json
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from api import lanes
from api.mender import fast_lane
from deployments import offers
from tests.api.mender.callers import Box, error_of
from tests.api.mender.lanes import NEXT, PREFIX, chunked, through_lane
from tests.make import make_deployment

V1, V2 = f"v1/{NEXT}", f"v2/{NEXT}"
BODY = json.dumps({"device_provides": {"artifact_name": "a", "device_type": "b"}}).encode()


def poll_of(device: Box, body: bytes = BODY, **more: Any) -> dict[str, Any]:
    environ = chunked(V2, body, Authorization=f"Bearer {device.token}")
    return environ | more


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", V2), ("PUT", V1), ("OPTIONS", V1), ("HEAD", V1), ("POST", f"{V1}/"), ("GET", "v1")],
)
def test_everything_but_polls_goes_on_to_django(method: str, path: str) -> None:
    environ = RequestFactory().generic(method, f"{PREFIX}/{path}").environ
    assert through_lane(environ).status_code == 299


def test_a_poll_is_one_query(
    device: Box, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert through_lane(poll_of(device)).status_code == 204


def test_a_body_without_a_length_is_read_to_its_end(device: Box) -> None:
    assert through_lane(poll_of(device)).status_code == 204


def test_a_body_without_a_length_and_an_end_is_not_read(device: Box) -> None:
    answer = through_lane(poll_of(device) | {"wsgi.input_terminated": False})
    assert "JSON payload is empty" in error_of(answer, 400)


def test_a_body_that_breaks_off_is_refused(device: Box) -> None:
    error_of(through_lane(poll_of(device, CONTENT_LENGTH="500")), 400)


def test_no_more_is_read_than_allowed(device: Box) -> None:
    environ = poll_of(device, b'"' + b"x" * 3 * 1024 * 1024 + b'"')
    error_of(through_lane(environ), 413)
    assert len(environ["wsgi.input"].read()) >= 2 * 1024 * 1024 - 10


def test_nothing_is_read_of_what_announces_too_much(device: Box) -> None:
    environ = poll_of(device, CONTENT_LENGTH=str(10**12))
    error_of(through_lane(environ), 413)
    assert environ["wsgi.input"].tell() == 0


def test_a_broken_connection_is_replaced(device: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def answer(poll: Any) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(fast_lane, "answer", answer)
    broken = Mock(in_atomic_block=False)
    broken.is_usable.return_value = False
    monkeypatch.setattr(lanes, "connections", {"default": broken})
    assert through_lane(poll_of(device)).status_code == 204
    assert len(attempts) == 2
    broken.close.assert_called_once_with()


def test_a_database_that_fails_is_an_internal_error(
    device: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(offers, "poll", fail)
    assert error_of(through_lane(poll_of(device)), 500) == "internal error"


def test_an_unknown_host_gets_no_link(device: Box, settings: Settings) -> None:
    make_deployment(devices=[device.device])
    settings.ALLOWED_HOSTS = ["updates.example.com"]
    body = BODY.replace(b'"b"', b'"board"')
    error_of(through_lane(poll_of(device, body, HTTP_HOST="evil.example")), 400)
    answer = through_lane(poll_of(device, body, HTTP_HOST="updates.example.com"))
    uri = answer.json()["artifact"]["source"]["uri"]
    assert uri.startswith("http://updates.example.com/")
