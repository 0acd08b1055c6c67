"""Whatever goes wrong, the answer has one shape and names the request."""

import re

import pytest

from fleet import access_tokens
from tests.api.mender.callers import Box, Person, error_of, stranger

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_an_error_names_its_request() -> None:
    answer = stranger().get("v2/devauth/devices", X_MEN_RequestID="call 17/x")
    assert error_of(answer, 401) == "Authorization not present in header"
    assert answer.headers["X-MEN-RequestID"] == "call17/x"


def test_success_names_its_request_as_well(admin: Person) -> None:
    answer = admin.get("v2/devauth/devices", X_MEN_RequestID="f7881e82")
    assert answer.headers["X-MEN-RequestID"] == "f7881e82"


def test_a_request_without_an_id_gets_one() -> None:
    answer = stranger("/api").get("nowhere")
    assert UUID.fullmatch(answer.headers["X-MEN-RequestID"])


def test_an_id_is_cut_short_and_cleaned() -> None:
    answer = stranger("/api").get("nowhere", X_MEN_RequestID="x" * 200 + "é\t")
    assert answer.headers["X-MEN-RequestID"] == "x" * 128


@pytest.mark.parametrize(
    "path", ["nowhere", "management/v1/deployments/artifacts/", "devices/v1/", "management"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_an_unknown_path_is_not_found(path: str, method: str) -> None:
    assert error_of(stranger("/api").call(method, path), 404) == "not found"


def test_another_method_is_not_allowed() -> None:
    answer = stranger().call("PATCH", "v2/devauth/devices")
    assert error_of(answer, 405) == "method not allowed"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_options_tell_the_methods() -> None:
    answer = stranger().call("OPTIONS", "v2/devauth/devices/search")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "OPTIONS, POST")


def test_head_is_get_without_a_body(admin: Person) -> None:
    answer = admin.call("HEAD", "v2/devauth/devices")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
def test_a_body_of_another_kind_is_refused(admin: Person, content_type: str) -> None:
    answer = admin.post("v1/deployments/deployments", b"{}", content_type=content_type)
    error_of(answer, 415)


@pytest.mark.parametrize(
    "content_type", ["", "application/json; charset=UTF-8", "application/merge-patch+json"]
)
def test_json_may_be_called_so_in_several_ways(admin: Person, content_type: str) -> None:
    answer = admin.post("v2/devauth/devices/search", b"{}", content_type=content_type)
    assert answer.status_code == 200


def test_a_body_over_the_limit_is_refused(admin: Person, device: Box) -> None:
    huge = b'["' + b"x" * 1024 * 1024 + b'"]'
    error_of(admin.post("v2/devauth/devices/search", huge), 413)
    error_of(device.put("v1/inventory/device/attributes", huge), 413)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1", b"\xff", b"NaN", b'{"a":"\\ud800"}', b'"\\u0000"']
)
def test_what_is_no_json_is_refused(admin: Person, body: bytes) -> None:
    answer = admin.post("v1/deployments/deployments", body)
    assert error_of(answer, 400).startswith("Validating request body: failed to decode")


def test_no_text_holds_a_nul(admin: Person) -> None:
    error_of(admin.get("v1/deployments/artifacts?name=a%00b"), 400)
    error_of(admin.get("v2/devauth/devices/a%00b"), 404)


def test_a_failure_of_ours_says_no_more_than_that(
    admin: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(access_tokens, "authenticate", fail)
    answer = admin.get("v2/devauth/devices", X_MEN_RequestID="seventeen")
    assert error_of(answer, 500) == "internal error"
    assert "secret" not in answer.content.decode()
    assert "request seventeen failed" in caplog.text
