"""What is no poll is refused; Django and the fast lane answer the same."""

import json
from typing import Any

import pytest

from fleet import device_tokens
from tests.api.mender.callers import Box, Person, error_of
from tests.api.mender.lanes import HAS, V1, V2, ask


@pytest.mark.parametrize(
    "provides",
    [
        None,
        [],
        {},
        {"artifact_name": "old"},
        {"device_type": "board"},
        {**HAS, "artifact_name": ""},
        {**HAS, "device_type": 7},
        {**HAS, "checksum": None},
        {**HAS, "checksum": ["a"]},
        {**HAS, "device_type": "x" * 257},
        {**HAS, "artifact_name": "x" * 4097},
        {**HAS, "x": "a\0b"},
    ],
)
def test_what_it_has_must_be_said(way: Any, device: Box, provides: Any) -> None:
    error_of(ask(way, device, provides), 400)


@pytest.mark.parametrize("query", ["", "?artifact_name=a", "?device_type=%00&artifact_name=a"])
def test_a_query_must_say_it_as_well(way: Any, device: Box, query: str) -> None:
    answer = way.call(
        "GET", f"{V1}{query}", content_type="", Authorization=f"Bearer {device.token}"
    )
    error_of(answer, 400)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"device_provides":' + b"[" * 9999])
def test_what_is_no_json_is_refused(way: Any, device: Box, body: bytes) -> None:
    error_of(way.call("POST", V2, body, Authorization=f"Bearer {device.token}"), 400)


def test_another_media_type_is_refused(way: Any, device: Box) -> None:
    error_of(ask(way, device, content_type="text/plain"), 415)


def test_a_body_over_the_limit_is_refused(way: Any, device: Box) -> None:
    error_of(ask(way, device, {**HAS, "x": "x" * 1024 * 1024}), 413)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YTpi", "Bearer \xff"]
)
def test_without_a_token_there_is_no_answer(way: Any, device: Box, header: str) -> None:
    answer = way.call("POST", V2, b"{}", Authorization=header)
    error_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="DeviceJWT"'
    assert device.token


def test_a_person_s_token_is_none_of_a_device(way: Any, admin: Person) -> None:
    error_of(way.call("POST", V2, b"{}", Authorization=f"Bearer {admin.token}"), 401)


def test_a_token_made_void_ends_at_the_next_call(way: Any, device: Box, admin: Person) -> None:
    assert ask(way, device).status_code == 204
    auth_set = device.device.auth_sets.get()
    admin.delete(f"v2/devauth/tokens/{auth_set.id}")
    error_of(ask(way, device), 401)
    auth_set.refresh_from_db()
    device.token = device_tokens.issue(auth_set)
    assert ask(way, device).status_code == 204


def test_names_are_matched_in_any_case(way: Any, device: Box) -> None:
    body = json.dumps({"Device_Provides": HAS}).encode()
    answer = way.call("POST", V2, body, Authorization=f"Bearer {device.token}")
    assert answer.status_code == 204
