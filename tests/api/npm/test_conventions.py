"""What follows from who calls and what is sent is the same for every call of an appliance."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from api.npm import addressing, resources
from api.npm.openapi.document import OPERATIONS
from api.npm.openapi.operations import Caller, Operation
from fleet import throttling
from fleet.models import Device, Organization, Role
from tests.api.npm.callers import Npm, npm_caller
from tests.make import make_organization, make_target
from tests.two_organizations import kept_of

CALLS = [each for each in OPERATIONS if each.caller != Caller.ANYBODY]
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
FETCH = {"url": "https://a.example/x-1.0.bin"}


def ruled(status: int) -> list[Operation]:
    """The calls that the rule on `status` holds for."""
    return [operation for operation in CALLS if status in operation.by_rule]


def ask(npm: Npm, operation: Operation, data: Any = b"x", **facts: Any) -> HttpResponse:
    return npm.send(operation.method, operation.path.replace("{image_id}", "1"), data, **facts)


def told(answer: HttpResponse) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body.keys() == {"error_id", "error_text"}
    assert all(isinstance(text, str) and text for text in body.values())
    return answer.status_code, body["error_id"]


def test_a_host_that_is_none(npm: Npm) -> None:
    for each in ruled(400):
        answer = ask(npm, each, headers={"host": "under_score.npm.x"})
        assert told(answer) == (400, "REQUEST_INVALID_INPUT")


def test_a_page_of_another_site_changes_nothing(npm: Npm) -> None:
    """A browser would send the password along."""
    for each in (operation for operation in ruled(403) if operation.method != "GET"):
        answer = ask(npm, each, headers={"sec-fetch-site": "cross-site"})
        assert told(answer) == (403, "AUTH_FORBIDDEN")
    read = npm.get("/api/npm.system_update/2.0/update", headers={"sec-fetch-site": "cross-site"})
    assert read.status_code == 200


def test_nobody_calls(device: Device) -> None:
    for each in ruled(401):
        assert told(ask(Npm("", device), each)) == (401, "AUTH_REQUIRED")


def test_no_role_allows_it(device: Device) -> None:
    npm = npm_caller(device, Role.REMOTE_TERMINAL)
    for each in ruled(403):
        assert told(ask(npm, each)) == (403, "AUTH_FORBIDDEN")


def test_an_appliance_that_there_is_not(npm: Npm) -> None:
    for each in ruled(404):
        answer = ask(npm, each, headers={"host": "9999999.npm.testserver"})
        assert told(answer) == (404, "RESOURCE_NOT_FOUND")


def test_an_appliance_of_others(organization: Organization, device: Device) -> None:
    """Asked for by its number, its id and its names, by host and by path; nothing is changed."""
    other = make_organization()
    theirs = make_target(other, "theirs", device_type="AR11", host_name="theirs.example.com")
    before = kept_of(other)
    mine = npm_caller(device).authorization
    callers = [
        Npm(mine, theirs),
        Npm(mine, None, host="theirs.npm.testserver"),
        Npm(mine, None, host="theirs.example.com"),
        *(Npm(mine, None, prefix=f"/npm/{name}") for name in (theirs.pk, theirs.id, "theirs")),
    ]
    for npm in callers:
        for each in CALLS:
            assert told(ask(npm, each)) == (404, "RESOURCE_NOT_FOUND"), (npm.host, npm.prefix)
    assert kept_of(other) == before
    assert npm_caller(theirs).get("/images").status_code == 200


def test_an_image_of_others(npm: Npm, organization: Organization) -> None:
    other = make_target(make_organization(), "theirs", device_type="AR11")
    number = npm_caller(other).upload(b"theirs", version="1").json()["id"]
    before = kept_of(other.organization)
    for method in ("GET", "DELETE"):
        answer = npm.send(method, f"/images/items/{number}")
        assert told(answer) == (404, "RESOURCE_NOT_FOUND")
    assert npm.get("/images").json() == {"items": []}
    assert told(npm.post("/update/init", {"image": number}))[0] in {404, 409}
    assert kept_of(other.organization) == before


def test_a_method_that_there_is_not(npm: Npm) -> None:
    for path in sorted({operation.path for operation in OPERATIONS}):
        if path.endswith("openapi.json"):
            continue
        there = {operation.method for operation in OPERATIONS if operation.path == path}
        also = {"HEAD", "OPTIONS"} if "GET" in there else {"OPTIONS"}
        for method in sorted(set(METHODS) - there):
            answer = npm.send(method, path.replace("{image_id}", "1"))
            assert told(answer) == (405, "METHOD_NOT_ALLOWED"), (method, path)
            assert answer.headers["Allow"] == ", ".join(sorted(there | also))


def test_another_call_that_was_there_first(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        late = Exception()
        late.sqlstate = "40P01"  # type: ignore[attr-defined]
        raise IntegrityError from late

    monkeypatch.setattr(resources, "device_of", lose)
    for each in ruled(409):
        assert told(ask(npm, each)) == (409, "CONFLICT")


def test_a_body_too_large(npm: Npm) -> None:
    for each in ruled(413):
        answer = ask(npm, each, b'"' + b"x" * 2**20 + b'"')
        assert told(answer) == (413, "REQUEST_TOO_LARGE")


def test_a_body_of_another_kind(npm: Npm) -> None:
    for each in ruled(415):
        answer = ask(npm, each, b"url=x", content_type="text/plain")
        assert told(answer) == (415, "REQUEST_UNSUPPORTED_MEDIA_TYPE")


def test_too_many_calls(npm: Npm, settings: Settings) -> None:
    settings.USER_RATE = 1
    throttling.forget()
    npm.get("/images")
    for each in ruled(429):
        answer = ask(npm, each)
        assert told(answer) == (429, "REQUEST_TOO_MANY")
        assert int(answer.headers["Retry-After"]) >= 1


def test_a_failure_of_ours(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(resources, "device_of", fail)
    for each in CALLS:
        answer = ask(npm, each)
        assert told(answer) == (500, "INTERNAL_ERROR")
        assert b"secret" not in answer.content
    monkeypatch.setattr(resources, "device_of", addressing.device_of)


def test_it_is_the_same_below_a_prefix(device: Device) -> None:
    npm = npm_caller(device, host="testserver", prefix=f"/npm/{device.number}")
    number = npm.upload(b"any", version="1").json()["id"]
    assert [each["id"] for each in npm.get("/images").json()["items"]] == [number]
    assert npm.get(f"/images/items/{number}").json()["version"] == "1"
    assert npm.get("/update").json()["state"] == "IDLE"
    assert npm.delete(f"/images/items/{number}").status_code == 204
    assert npm.put("/images/fetch", FETCH).json()["state"] == "UPLOADING"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode()))
def test_whatever_is_sent_is_answered(npm: Npm, body: bytes) -> None:
    for path in ("/images/fetch", "/update/init"):
        assert told(npm.post(path, body))[0] in {400, 409} if body.strip() else True


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=30))
def test_whatever_is_named_is_answered(npm: Npm, text: str) -> None:
    caller = Npm(npm.authorization, None, host="testserver")
    assert caller.send("GET", f"/images/items/{text}").status_code in {301, 400, 404}
