"""What follows from who calls and what is sent is the same for every call of these APIs."""

import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from api.carbonblack.openapi.document import OPERATIONS
from api.carbonblack.openapi.operations import Operation
from api.endpoints import Endpoint
from fleet import throttling
from fleet.access_tokens import issue_personal
from fleet.models import Organization, Role
from fleet.people import actor_of
from tests.api.carbonblack.callers import JOBS, CarbonBlack
from tests.api.carbonblack.possessions import Possessions, possess
from tests.api.carbonblack.refusals import refused
from tests.make import make_organization, make_user

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
HUGE = b'{"name": "' + b"x" * 4 * 1024 * 1024 + b'"}'


@pytest.fixture
def possessions(script: CarbonBlack) -> Possessions:
    return possess(script)


def ruled(status: int) -> list[Operation]:
    """The calls that the rule on `status` holds for."""
    return [operation for operation in OPERATIONS if status in operation.by_rule]


def ask(
    script: CarbonBlack,
    possessions: Possessions,
    operation: Operation,
    data: Any = None,
    **more: Any,
) -> HttpResponse:
    """Make the call about what there is."""
    data = {} if data is None and operation.body else data
    return script.send(operation.method, possessions.at(operation.path), data, **more)


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def wrong(answers: list[tuple[str, HttpResponse]], status: int, code: str) -> list[str]:
    """What did not answer so."""
    return [
        f"{name}: {answer.status_code} {answer.content[:80]!r}"
        for name, answer in answers
        if answer.status_code != status or answer.json()["error_code"] != code
    ]


def test_nobody_calls(script: CarbonBlack, possessions: Possessions) -> None:
    answers = []
    for operation in ruled(401):
        path = script.address(possessions.at(operation.path))
        answers.append((named(operation), Client().generic(operation.method, path, b"{")))
    assert wrong(answers, 401, "UNAUTHORIZED") == []


def test_a_level_without_the_permission(script: CarbonBlack, possessions: Possessions) -> None:
    membership = make_user(organization=script.organization).memberships.get()
    token = issue_personal(actor=actor_of(membership), membership=membership, name="script")
    script.organization.memberships.update(role="")
    script.come_with(authorization=f"Bearer {token}")
    for operation in ruled(403):
        needed = "device READ"
        answer = ask(script, possessions, operation, b"{")
        code, args = refused(answer, 403)
        writes = operation.method in {"PUT", "DELETE"} or operation.path == JOBS
        if writes or operation.path.endswith("device_actions"):
            needed = "org.kits EXECUTE"
        assert (code, args) == ("FORBIDDEN", [needed]), named(operation)


def test_who_may_only_look(organization: Organization, script: CarbonBlack) -> None:
    possessions = possess(script)
    viewer = CarbonBlack(organization, level=Role.VIEWER)
    for operation in OPERATIONS:
        answer = ask(viewer, possessions, operation)
        writes = operation.method in {"PUT", "DELETE"} or operation.path == JOBS
        is_refused = writes or operation.path.endswith("device_actions")
        assert (answer.status_code == 403) == is_refused, named(operation)
    manager = CarbonBlack(organization, level=Role.RELEASE_MANAGER)
    for operation in OPERATIONS:
        assert ask(manager, possessions, operation).status_code != 403, named(operation)


def test_another_organization(script: CarbonBlack, possessions: Possessions) -> None:
    """Be it there or not: the credentials are of one organization."""
    make_organization(key="OTHER")
    for key in ("OTHER", "NOBODY", "abcd1234", "%00"):
        answers = [
            (
                named(each),
                script.send(each.method, possessions.at(each.path).replace("{org_key}", key), b"{"),
            )
            for each in OPERATIONS
        ]
        assert wrong(answers, 403, "FORBIDDEN") == []


def test_a_body_of_another_kind(script: CarbonBlack, possessions: Possessions) -> None:
    for content_type in ("text/plain", "application/xml", "application/json; charset=latin-1"):
        answers = [
            (named(each), ask(script, possessions, each, b"{", content_type=content_type))
            for each in ruled(415)
        ]
        assert wrong(answers, 415, "UNSUPPORTED_MEDIA_TYPE") == []


def test_a_body_too_large(script: CarbonBlack, possessions: Possessions) -> None:
    answers = [(named(each), ask(script, possessions, each, HUGE)) for each in ruled(413)]
    assert wrong(answers, 413, "PAYLOAD_TOO_LARGE") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"7",
        b'{"query": NaN}',
        b'{"query": "\\u0000"}',
        b'{"query": "\\ud800"}',
        b"\xff\xfe",
        b'{"criteria": {}, "criteria": {}}',
        b'{"criteria": {"status": "x", "status": "y"}}',
        b'{"query":' * 65 + b"1" + b"}" * 65,
        b"[" * 100_000,
    ],
    ids=range(15),
)
def test_a_body_that_is_not_well_formed(
    script: CarbonBlack, possessions: Possessions, body: bytes
) -> None:
    answers = [
        (named(each), script.send(each.method, possessions.at(each.path), body))
        for each in ruled(415)
    ]
    assert wrong(answers, 400, "SUS_4000_MALFORMED_REQUEST") == []


def test_a_key_that_comes_twice_among_many_is_found_quickly(script: CarbonBlack) -> None:
    """Else anybody who may read keeps a worker busy for an hour."""
    keys = ",".join(f'"{number}": 0' for number in range(40_000))
    began_at = time.monotonic()
    answer = script.send("POST", "/_search", f'{{{keys}, "x": 0, "x": 0}}'.encode())
    assert refused(answer) == ("SUS_4000_MALFORMED_REQUEST", [])
    assert time.monotonic() - began_at < 5


def test_no_media_type_is_as_good_as_json(script: CarbonBlack) -> None:
    for content_type in ("", "application/json", "Application/JSON; charset=UTF-8"):
        assert script.post("/_search", b"{}", content_type=content_type).status_code == 200


def test_too_many_calls(script: CarbonBlack, possessions: Possessions, settings: Settings) -> None:
    settings.USER_RATE = 1
    throttling.forget()
    script.post("/_search", {})
    answers = [(named(each), ask(script, possessions, each)) for each in ruled(429)]
    assert wrong(answers, 429, "TOO_MANY_REQUESTS") == []
    assert all(int(answer.headers["Retry-After"]) >= 1 for _, answer in answers)


def test_a_failure_of_ours(
    script: CarbonBlack, possessions: Possessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Endpoint, "_answer", fail)
    for operation in ruled(500):
        answer = ask(script, possessions, operation)
        assert refused(answer, 500) == ("INTERNAL_SERVER_ERROR", []), named(operation)
        assert b"secret" not in answer.content


def test_a_method_that_there_is_not(script: CarbonBlack, possessions: Possessions) -> None:
    """Before anybody asks who calls."""
    for path in sorted({operation.path for operation in OPERATIONS}):
        there = {operation.method for operation in OPERATIONS if operation.path == path}
        also = {"HEAD", "OPTIONS"} if "GET" in there else {"OPTIONS"}
        for method in sorted(set(METHODS) - there):
            address = script.address(possessions.at(path))
            answer = Client().generic(method, address)
            # `_search` and `_actions` are where jobs and devices have their ids.
            assert refused(answer, 405) == ("METHOD_NOT_ALLOWED", []), (method, path)
            assert answer.headers["Allow"] == ", ".join(sorted(there | also))


@pytest.mark.parametrize(
    "path",
    [
        "/sensor_update_service",
        "/sensor_update_service/v3/orgs/ABCD1234",
        "/sensor_update_service/v3/orgs/ABCD1234/jobs/",
        "/sensor_update_service/v3/orgs/ABCD1234/jobs/1/sensors",
        "/sensor_update_service/v2/orgs/ABCD1234/jobs",
        "/jobs/v1/orgs/ABCD1234/jobs/1/x",
        "/appservices/v6/orgs/ABCD1234/x",
    ],
)
def test_a_path_that_there_is_not(script: CarbonBlack, path: str) -> None:
    for method in METHODS:
        assert refused(script.send(method, path), 404) == ("NOT_FOUND", [])
        assert refused(Client().generic(method, path), 404) == ("NOT_FOUND", [])


def test_credentials_of_nobody(script: CarbonBlack) -> None:
    address = script.address("/_search")
    secret, key_id = script.token.split("/")
    tokens = [
        "",
        "x",
        "/",
        f"{secret}",
        f"{key_id}/{secret}",
        f"{secret}x/{key_id}",
        f"{secret}/{key_id}x",
        f'"{secret}/{key_id}',
        f"{secret}/{key_id}/",
        "\u00e4/\u00f6",
    ]
    for token in tokens:
        answer = Client(headers={"x-auth-token": token}).post(address, {}, "application/json")
        assert refused(answer, 401) == ("UNAUTHORIZED", [])
    for header in ("Bearer", "Bearer x", f"Bearer {script.token}", "Basic eDp5"):
        answer = Client(headers={"authorization": header}).post(address, {}, "application/json")
        assert refused(answer, 401) == ("UNAUTHORIZED", [])


def test_a_secret_may_have_slashes_and_the_header_quotes(organization: Organization) -> None:
    script = CarbonBlack(organization, secret="AB/CD/EF")
    assert script.post("/_search", {}).status_code == 200
    script.quote_token()
    assert script.post("/_search", {}).status_code == 200


def test_a_key_that_somebody_has_revoked(script: CarbonBlack) -> None:
    script.key.revoked_at = timezone.now()
    script.key.save()
    assert refused(script.post("/_search", {}), 401) == ("UNAUTHORIZED", [])


def test_a_personal_token_is_a_bearer(organization: Organization) -> None:
    membership = make_user(organization=organization).memberships.get()
    token = issue_personal(actor=actor_of(membership), membership=membership, name="script")
    client = Client(headers={"authorization": f"Bearer {token}"})
    script = CarbonBlack(organization)
    assert client.post(script.address("/_search"), {}, "application/json").status_code == 200


def test_a_token_counts_alone(organization: Organization) -> None:
    membership = make_user(organization=organization).memberships.get()
    bearer = issue_personal(actor=actor_of(membership), membership=membership, name="script")
    script = CarbonBlack(organization)
    for token, status in ((script.token, 200), ("", 401), ("x/y", 401)):
        script.come_with(x_auth_token=token, authorization=f"Bearer {bearer}")
        assert script.post("/_search", {}).status_code == status
    script.come_with(x_auth_token=script.token, authorization="Bearer wrong")
    assert script.post("/_search", {}).status_code == 200


def test_answers_are_not_stored_on_the_way(script: CarbonBlack) -> None:
    assert script.post("/_search", {}).headers["Cache-Control"] == "no-store"


def test_options_names_the_methods(script: CarbonBlack, possessions: Possessions) -> None:
    answer = script.send("OPTIONS", possessions.at(f"{JOBS}/{{job_id}}"))
    assert (answer.status_code, answer.headers["Allow"]) == (
        204,
        "DELETE, GET, HEAD, OPTIONS, PUT",
    )


def test_an_error_leaves_nothing_half_written(
    script: CarbonBlack, possessions: Possessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("late")

    monkeypatch.setattr("api.carbonblack.views.jobs.told_jobs", fail)
    address = possessions.at("/{job_id}")
    assert script.put(address, {"name": "another"}).status_code == 500
    monkeypatch.undo()
    assert script.get(address).json()["name"] == "Upgrade"
