"""What follows from who calls and what is sent is the same for every call of the management API."""

import gzip
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from api.hawkbit.openapi.document import OPERATIONS
from api.hawkbit.openapi.operations import ROOT, Caller, Operation
from api.hawkbit.resources import Resource
from fleet import throttling
from fleet.models import Device, Organization, Role
from tests.api.hawkbit.callers import Hawkbit, basic, hawkbit_caller
from tests.api.hawkbit.conftest import TargetMaker
from tests.hawkbit_possessions import Possessions, possess, put_away
from tests.make import PASSWORD, make_organization

KEY = "hawkbit.server.error."
REALM = 'Basic realm="hawkBit"'
HAL, JSON = "application/hal+json", "application/json"
HUGE = b'["' + b"x" * 1024 * 1024 + b'"]'
MANAGEMENT = [each for each in OPERATIONS if each.path.startswith(ROOT)]
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def ruled(status: int) -> list[Operation]:
    """The calls that the rule on `status` holds for."""
    return [operation for operation in MANAGEMENT if status in operation.by_rule]


@pytest.fixture
def possessions(hawkbit: Hawkbit) -> Possessions:
    return possess(hawkbit, "my")


def ask(
    hawkbit: Hawkbit, possessions: Possessions, operation: Operation, data: Any = None, **more: Any
) -> HttpResponse:
    """Make the call about what there is."""
    if operation.body and not operation.body.is_json:
        more.setdefault("content_type", "multipart/form-data; boundary=x")
    return hawkbit.send(operation.method, possessions.at(operation.path), data, **more)


def key_of(response: HttpResponse) -> str:
    return str(response.json()["errorCode"]).removeprefix(KEY)


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def wrong(answers: Iterable[tuple[str, HttpResponse]], status: int, key: str = "") -> list[str]:
    """What did not answer so; without a key the body is to be empty."""
    return [
        f"{name}: {answer.status_code}"
        for name, answer in answers
        if answer.status_code != status or (key_of(answer) if answer.content else "") != key
    ]


def test_nobody_calls(hawkbit: Hawkbit) -> None:
    for operation in ruled(401):
        path = operation.path.replace("{", "").replace("}", "")
        answer = Client().generic(operation.method, path, b"{}", content_type=JSON)
        assert (answer.status_code, answer.content) == (401, b""), named(operation)
        assert answer.headers["WWW-Authenticate"] == REALM
        assert "Content-Type" not in answer.headers


def test_no_role_allows_it(hawkbit: Hawkbit, possessions: Possessions) -> None:
    hawkbit.organization.memberships.update(role="")
    answers = [(named(each), ask(hawkbit, possessions, each, {})) for each in ruled(403)]
    assert wrong(answers, 403, "insufficientPermission") == []


def test_an_answer_that_nobody_could_give(hawkbit: Hawkbit, possessions: Possessions) -> None:
    html = {"accept": "text/html"}
    answers = [
        (named(each), ask(hawkbit, possessions, each, {}, headers=html)) for each in ruled(406)
    ]
    assert wrong(answers, 406, "rest.mediaType.notAcceptable") == []


def test_a_body_too_large(hawkbit: Hawkbit, possessions: Possessions) -> None:
    taking = [each for each in ruled(413) if each.body and each.body.is_json]
    answers = [(named(each), ask(hawkbit, possessions, each, HUGE)) for each in taking]
    assert wrong(answers, 413, "rest.body.tooLarge") == []


def test_a_body_that_breaks_off(hawkbit: Hawkbit, possessions: Possessions) -> None:
    taking = [each for each in ruled(413) if each.body and each.body.is_json]
    answers = [(named(each), ask(hawkbit, possessions, each, b"{")) for each in taking]
    assert wrong(answers, 400, "rest.body.notReadable") == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", ""])
def test_a_body_of_another_kind(
    hawkbit: Hawkbit, possessions: Possessions, content_type: str
) -> None:
    answers = [
        (named(each), ask(hawkbit, possessions, each, b"{}", content_type=content_type))
        for each in ruled(415)
    ]
    assert wrong(answers, 415, "rest.mediaType.notSupported") == []


def test_too_many_calls(hawkbit: Hawkbit, possessions: Possessions, settings: Settings) -> None:
    settings.USER_RATE = 1
    throttling.forget()
    hawkbit.get("/userinfo")
    answers = [(named(each), ask(hawkbit, possessions, each, {})) for each in ruled(429)]
    assert wrong(answers, 429, "rest.tooManyRequests") == []
    assert all(int(answer.headers["Retry-After"]) >= 1 for _, answer in answers)


def test_a_failure_of_ours(
    hawkbit: Hawkbit, possessions: Possessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Resource, "_perform", fail)
    answers = [
        (named(each), ask(hawkbit, possessions, each, {}))
        for each in ruled(500)
        if each.caller != Caller.ANYBODY
    ]
    assert wrong(answers, 500, "repo.genericError") == []
    assert not any(b"secret" in answer.content for _, answer in answers)


def test_a_method_that_there_is_not(hawkbit: Hawkbit, possessions: Possessions) -> None:
    for path in sorted({operation.path for operation in MANAGEMENT}):
        there = {operation.method for operation in MANAGEMENT if operation.path == path}
        also = {"HEAD", "OPTIONS"} if "GET" in there else {"OPTIONS"}
        for method in sorted(set(METHODS) - there):
            answer = hawkbit.send(method, possessions.at(path), {})
            assert answer.status_code == 405, (method, path)
            assert method == "HEAD" or key_of(answer) == "rest.method.notAllowed", (method, path)
            assert answer.headers["Allow"] == ", ".join(sorted(there | also))


def test_what_is_unchanged_is_not_sent_again(hawkbit: Hawkbit, possessions: Possessions) -> None:
    for operation in MANAGEMENT:
        if operation.method != "GET":
            continue
        query = {"group": "mygroup"} if operation.path.endswith("targetgroups/assigned") else {}
        first = ask(hawkbit, possessions, operation, **query)
        assert first.status_code in {200, 204}, named(operation)
        if first.status_code == 200:
            tag = first.headers["ETag"]
            known = {"if-none-match": tag}
            again = ask(hawkbit, possessions, operation, headers=known, **query)
            assert (again.status_code, again.headers["ETag"]) == (304, tag), named(operation)
            assert b"".join(again) == b""
        put_away(first)


def test_a_nul_in_the_query(hawkbit: Hawkbit, possessions: Possessions) -> None:
    asking = [each for each in MANAGEMENT if each.method == "GET"]
    answers = [(named(each), hawkbit.get(f"{possessions.at(each.path)}?q=%00")) for each in asking]
    assert wrong(answers, 400, "rest.body.notReadable") == []


@pytest.mark.parametrize("login", ["{email}", "{tenant}\\{email}"])
def test_who_calls_says_it_by_basic(organization: Organization, login: str) -> None:
    member = hawkbit_caller(organization=organization)
    said = login.format(tenant=organization.key.lower(), email=member.email)
    token = b64decode(member.authorization.removeprefix("Basic ")).decode().partition(":")[2]
    for secret in (PASSWORD, token):
        answer = Client(headers={"authorization": basic(said, secret)}).get(f"{ROOT}/userinfo")
        assert answer.json() == {"tenant": organization.key, "username": member.email}


def test_a_token_may_be_a_bearer(hawkbit: Hawkbit) -> None:
    token = b64decode(hawkbit.authorization.removeprefix("Basic ")).decode().partition(":")[2]
    answer = Client(headers={"authorization": f"Bearer {token}"}).get(f"{ROOT}/userinfo")
    assert answer.status_code == 200


@pytest.mark.parametrize("login", ["{email}", "nobody@example.com", "OTHER\\{email}", "{email}\0"])
@pytest.mark.parametrize("secret", ["wrong", ""])
def test_credentials_of_nobody(organization: Organization, login: str, secret: str) -> None:
    make_organization(key="OTHER")
    email = hawkbit_caller(organization=organization).email
    header = basic(login.format(email=email), secret)
    answer = Client(headers={"authorization": header}).get(f"{ROOT}/userinfo")
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_right_password_in_another_tenant(organization: Organization) -> None:
    make_organization(key="OTHER")
    email = hawkbit_caller(organization=organization).email
    header = basic(f"OTHER\\{email}", PASSWORD)
    answer = Client(headers={"authorization": header}).get(f"{ROOT}/userinfo")
    assert answer.status_code == 401


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Digest x", "x"])
def test_a_header_that_says_nothing(organization: Organization, header: str) -> None:
    answer = Client(headers={"authorization": header}).get(f"{ROOT}/userinfo")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, REALM)


@pytest.mark.parametrize(
    "path",
    ["/rest/v1", "/rest/v1/", "/rest/v1/nothing", "/rest/v1/targets/", "/rest/v1/targets/1/x"],
)
@pytest.mark.parametrize("method", METHODS)
def test_a_path_that_there_is_not(hawkbit: Hawkbit, path: str, method: str) -> None:
    answer = hawkbit.send(method, path, {})
    assert (answer.status_code, answer.content) == (404, b"")
    assert Client().generic(method, path).status_code == 401


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", HAL),
        ("*/*", HAL),
        ("application/*", HAL),
        (JSON, JSON),
        ("application/json;charset=UTF-8", JSON),
        (f"{HAL}, {JSON}", HAL),
        (f"{HAL};q=0.5, {JSON}", JSON),
        (f"*/*, {JSON}", JSON),
        (f"text/html, {JSON};q=0.1", JSON),
    ],
)
def test_which_media_type_it_is(hawkbit: Hawkbit, accept: str, media_type: str) -> None:
    answer = hawkbit.get("/targets", headers={"accept": accept} if accept else None)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", f"{JSON};q=0", "nonsense"])
def test_media_types_that_it_is_not(hawkbit: Hawkbit, accept: str) -> None:
    assert hawkbit.get("/targets", headers={"accept": accept}).status_code == 406


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"[}",
        b"nonsense",
        b"1",
        b'"x"',
        b"[NaN]",
        b'[{"controllerId": "a\\u0000b"}]',
        b'[{"controllerId": "\\ud800"}]',
        b"\xff\xfe",
        b"[" * 65 + b"]" * 65,
        b"[" * 100_000,
        gzip.compress(b"[]", mtime=0),
    ],
)
def test_a_body_that_is_not_well_formed(hawkbit: Hawkbit, body: bytes) -> None:
    answer = hawkbit.send("POST", "/targets", body)
    assert (answer.status_code, key_of(answer)) == (400, "rest.body.notReadable")
    assert answer.json() == {
        "errorCode": "hawkbit.server.error.rest.body.notReadable",
        "exceptionClass": "org.eclipse.hawkbit.rest.exception.MessageNotReadableException",
        "message": "The given request body is not well formed",
    }


@pytest.mark.parametrize(
    "media_type", [JSON, HAL, "application/json;charset=utf-8", "APPLICATION/JSON"]
)
def test_bodies_that_are_taken(hawkbit: Hawkbit, media_type: str) -> None:
    body = orjson.dumps([{"controllerId": "1"}])
    assert hawkbit.send("POST", "/targets", body, content_type=media_type).status_code == 201


@pytest.mark.parametrize(
    "path", ["/targets/a%00b", "/targets/a/metadata/b%00", "/targetgroups/%00"]
)
def test_a_nul_in_the_path(hawkbit: Hawkbit, path: str) -> None:
    assert hawkbit.put(path, {}).status_code == 400


@pytest.mark.parametrize("query", ["limit=x", "offset=1.5", "limit=", "offset=99999999999"])
def test_paging_by_what_is_no_number(hawkbit: Hawkbit, query: str) -> None:
    answer = hawkbit.get(f"/targets?{query}")
    assert answer.status_code == (200 if query == "limit=" else 400)


def test_head_is_get_without_its_body(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("1")
    shown, head = hawkbit.get("/targets/1"), hawkbit.send("HEAD", "/targets/1")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type"):
        assert head.headers[name] == shown.headers[name]


def test_options_names_the_methods(hawkbit: Hawkbit) -> None:
    answer = hawkbit.send("OPTIONS", "/targets")
    assert (answer.status_code, answer.headers["Allow"]) == (200, "GET, HEAD, OPTIONS, POST")


def test_links_lead_to_where_the_world_reaches_us(
    hawkbit: Hawkbit, target: TargetMaker, settings: Settings
) -> None:
    target("1")

    def link(**headers: str) -> str:
        return str(hawkbit.get("/targets/1", headers=headers).json()["_links"]["self"]["href"])

    claimed = {"x-forwarded-proto": "https", "x-forwarded-host": "updates.example.com:8443"}
    assert link(**claimed) == "http://testserver/rest/v1/targets/1"
    settings.TRUSTED_PROXIES = 1
    assert link(**claimed) == "https://updates.example.com:8443/rest/v1/targets/1"
    chain = 'for=1.2.3.4;host=evil.example.com, for=10.0.0.1;host="updates.example.com";proto=https'
    assert link(forwarded=chain) == "https://updates.example.com/rest/v1/targets/1"
    settings.PUBLIC_URL = "https://public.example.com"
    assert link(**claimed) == "https://public.example.com/rest/v1/targets/1"


def test_an_error_leaves_nothing_half_written(
    hawkbit: Hawkbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("api.hawkbit.views.targets.targets_listed", fail)
    answer = hawkbit.post("/targets", [{"controllerId": "1"}])
    assert answer.status_code == 500
    assert not Device.objects.exists()


def test_other_sites_cannot_call_with_a_session(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    browser = Client()
    browser.force_login(hawkbit.membership.user)
    assert browser.get(f"{ROOT}/targets").status_code == 401


def test_a_role_is_asked_before_the_body_is_read(organization: Organization) -> None:
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert viewer.send("POST", "/targets", b"{").status_code == 403
