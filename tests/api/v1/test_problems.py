"""Whatever goes wrong is told in one shape, with a code that is in the table."""

import logging
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from api.v1.codes import CODES
from fleet.models import Role
from tests.api.v1.callers import Caller, caller

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.v1.room")]


@pytest.fixture
def admin(db: None) -> Caller:
    return caller()


def told(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem, if the answer is that one."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert (answer.status_code, found["code"]) == (status, code), found
    assert found["status"] == status == CODES[code].status
    assert found["title"] == CODES[code].title
    assert found["type"] == f"/api/docs/errors#{code}"
    assert found["detail"]
    return found


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/devices/", "/devices/none", "/%00/x"])
def test_what_nobody_knows_is_not_found(admin: Caller, path: str) -> None:
    told(admin.get(f"/api/v1{path}"), 404, "not_found")
    told(admin.post(f"/api/v1{path}", {}), 404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_another_method_is_told_which_there_are(admin: Caller, method: str) -> None:
    answer = admin.send(method, "/filters")
    told(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_format_that_there_is_not(admin: Caller) -> None:
    told(admin.get("/devices", headers={"Accept": "image/png"}), 406, "not_acceptable")


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("text/plain", 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("multipart/form-data; boundary=x", 415, "unsupported_media_type"),
        ("application/json; charset=latin-1", 415, "unsupported_media_type"),
        ("", 415, "unsupported_media_type"),
        ("application/json; charset=UTF-8", 400, "malformed_body"),
    ],
)
def test_a_body_must_call_itself_json(
    admin: Caller, content_type: str, status: int, code: str
) -> None:
    bearer = {"Authorization": f"Bearer {admin.token}"}
    answer = Client().generic("POST", "/api/v1/filters", b"x=1", content_type, headers=bearer)
    told(answer, status, code)


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"name": NaN}', b'{"name": "\\u0000"}', b'{"name": "\\ud800"}', b"\xff", b"[" * 99],
)
def test_a_body_that_is_no_json(admin: Caller, body: bytes) -> None:
    told(_post(admin, body), 400, "malformed_body")


def test_a_body_nested_too_deep(admin: Caller) -> None:
    told(_post(admin, b'{"name":' + b"[" * 99 + b"]" * 99 + b"}"), 400, "malformed_body")


def test_a_body_too_large(admin: Caller) -> None:
    told(_post(admin, b'"' + b"x" * 1024 * 1024 + b'"'), 413, "body_too_large")


def test_everything_that_is_wrong_in_a_body_is_named_at_once(admin: Caller) -> None:
    term = {"attribute": "color"}
    body = {"terms": [term, {"attribute": "x" * 17}]}
    found = told(admin.post("/filters", body), 400, "invalid_body")
    wrong = {each["field"]: each["code"] for each in found["errors"]}
    assert wrong == {"name": "required", "terms.1.attribute": "max_length"}
    assert all(each["detail"] for each in found["errors"])


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_that_is_no_object(admin: Caller, body: object) -> None:
    answer = admin.post("/filters", body) if body is not None else _post(admin, b"null")
    found = told(answer, 400, "invalid_body")
    assert [each["field"] for each in found["errors"]] == [""]


def test_a_member_that_is_not_declared_is_named(admin: Caller) -> None:
    body = {"name": "n", "nmae": "n", "terms": [{"attribute": "a", "scope": "s"}]}
    found = told(admin.post("/filters", body), 400, "invalid_body")
    wrong = [(each["field"], each["code"]) for each in found["errors"]]
    assert wrong == [("nmae", "unknown_member")]
    found = told(admin.post("/filters", {"name": "n", "terms": body["terms"]}), 400, "invalid_body")
    assert found["errors"][0]["field"] == "terms.0.scope"


def test_what_the_domain_refuses_names_the_field_and_undoes_the_rest(admin: Caller) -> None:
    found = told(admin.post("/filters", {"name": "taken"}), 409, "filter_exists")
    assert found["field"] == "name"


def test_a_role_without_the_permission(admin: Caller) -> None:
    viewer = caller(Role.VIEWER, admin.organization)
    found = told(viewer.post("/filters", {"name": "n"}), 403, "forbidden")
    assert "fleet.add_savedfilter" in found["detail"]


def test_a_nul_character_in_the_address(admin: Caller) -> None:
    told(admin.get("/devices", q="\0"), 400, "invalid_parameter")


def test_more_parameters_than_anybody_needs(admin: Caller) -> None:
    answer = admin.get(f"/api/v1/devices?{'&'.join('x=1' for _ in range(1001))}")
    told(answer, 400, "malformed_request")


def test_a_failure_of_ours_is_logged_and_tells_nothing(
    admin: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = admin.get("/filters")
    found = told(answer, 500, "internal_error")
    assert b"secret" not in answer.content
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert found["request_id"] in caplog.text
    assert "the secret reason" in caplog.text


def _post(admin: Caller, body: bytes) -> HttpResponse:
    bearer = {"Authorization": f"Bearer {admin.token}"}
    return Client().generic("POST", "/api/v1/filters", body, "application/json", headers=bearer)
