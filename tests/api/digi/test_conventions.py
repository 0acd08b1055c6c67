"""What follows from who calls and what is sent is the same for every call."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from api.digi.openapi.document import OPERATIONS
from api.digi.openapi.operations import Operation
from api.endpoints import Endpoint
from fleet import throttling
from fleet.models import Organization, Role
from tests.api.digi.callers import Digi, digi_caller, refused
from tests.api.digi.served import served

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def ask(caller: Digi, operation: Operation, **more: Any) -> Any:
    """Make the call about a job that there is not."""
    path = operation.path.replace("{job_id}", "4711")
    return caller.send(operation.method, path, **more)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_nobody_calls(db: None, operation: Operation) -> None:
    answer = Client().generic(operation.method, operation.path.replace("{job_id}", "4711"))
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Digi"'


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_no_role_allows_it(digi: Digi, operation: Operation) -> None:
    digi.organization.memberships.update(role="")
    refused(ask(digi, operation), 403)


@pytest.mark.parametrize(
    ("role", "may_change"),
    [(Role.VIEWER, False), (Role.OPERATOR, False), (Role.RELEASE_MANAGER, True)],
)
def test_who_may_read_and_who_may_change(
    organization: Organization, role: Role, *, may_change: bool
) -> None:
    caller = digi_caller(organization, role)
    for operation in OPERATIONS:
        answer = ask(caller, operation)
        is_allowed = operation.method == "GET" or may_change
        assert (answer.status_code == 403) is not is_allowed, named(operation)


@pytest.mark.parametrize("path", sorted({path for _, path in served()}))
def test_a_method_that_there_is_not(digi: Digi, path: str) -> None:
    there = {method for method, known in served() if known == path}
    also = {"HEAD", "OPTIONS"} if "GET" in there else {"OPTIONS"}
    for method in sorted(set(METHODS) - there):
        answer = digi.send(method, path.replace("{job_id}", "4711"))
        refused(answer, 405)
        assert answer.headers["Allow"] == ", ".join(sorted(there | also))


@pytest.mark.parametrize("path", sorted({path for _, path in served()}))
def test_what_an_address_takes(digi: Digi, path: str) -> None:
    there = {method for method, known in served() if known == path}
    answer = digi.send("OPTIONS", path.replace("{job_id}", "4711"))
    assert answer.status_code == 204
    assert there <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "path",
    [
        *("/ws", "/ws/", "/ws/v1", "/ws/v1/", "/ws/v2/jobs", "/ws/v1/jobs/", "/ws/v1/devices"),
        *("/ws/v1/jobs/inventory/", "/ws/v1/jobs/bulk/", "/ws/v1/jobs/17/", "/ws/DeviceCore/1"),
        *("/ws/v1/jobs/inventory/17/cancel", "/ws/%00", "/ws/v1/jobs/cancel/1/2", "/ws/sci"),
    ],
)
def test_an_address_that_nobody_knows(db: None, path: str) -> None:
    for method in METHODS:
        refused(Client().generic(method, path), 404)


def test_too_many_calls(digi: Digi, settings: Settings) -> None:
    settings.USER_RATE = 1
    throttling.forget()
    digi.get()
    for operation in OPERATIONS:
        answer = ask(digi, operation)
        refused(answer, 429)
        assert int(answer.headers["Retry-After"]) >= 1


def test_too_many_calls_of_nobody(db: None, settings: Settings) -> None:
    settings.USER_RATE = 1
    throttling.forget()
    assert [Client().get("/ws/v1/jobs").status_code for _ in range(2)] == [401, 429]


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("secret"), 500), (DatabaseError("secret"), 500)]
)
def test_a_failure_of_ours(
    digi: Digi, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Endpoint, "_answer", fail)
    for operation in OPERATIONS:
        assert "secret" not in refused(ask(digi, operation), status)


def test_another_call_was_first(digi: Digi, monkeypatch: pytest.MonkeyPatch) -> None:
    class DeadlockError(Exception):
        sqlstate = "40P01"

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError from DeadlockError()

    monkeypatch.setattr(Endpoint, "_answer", fail)
    for operation in OPERATIONS:
        if operation.method != "GET":
            refused(ask(digi, operation), 409)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_nul_in_the_query(digi: Digi, operation: Operation) -> None:
    for parameter in operation.query:
        refused(ask(digi, operation, **{parameter.name: "\0"}), 400)


def test_head_is_get_without_a_body(digi: Digi) -> None:
    for operation in OPERATIONS:
        if operation.method == "GET" and "{" not in operation.path:
            answer = digi.send("HEAD", operation.path)
            assert answer.status_code == 200, named(operation)
            assert answer.headers["Content-Type"]
