"""What follows from who calls and what is sent is the same for every call."""

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from pytest_django import Settings

from api.mender.openapi.document import OPERATIONS
from api.mender.openapi.operations import DEVICES, Caller, Operation
from api.mender.resources import Resource
from api.mender.urls import urlpatterns
from fleet import throttling
from tests.api.mender import callers
from tests.api.mender.callers import Box, Person, box, error_of, person
from tests.api.mender.recording import CONVERTER
from tests.api.mender.test_signing_in import basic
from tests.make import PASSWORD
from tests.two_organizations import World, two_organizations

HUGE = b'["' + b"x" * 1024 * 1024 + b'"]'


def ruled(status: int) -> Iterable[ParameterSet]:
    """The calls that the rule on `status` holds for, and that have no rule of their own on it."""
    return [
        pytest.param(operation, id=f"{operation.method} {operation.path}")
        for operation in OPERATIONS
        if status in operation.by_rule and status not in operation.own_statuses
    ]


@pytest.fixture
def world(db: None) -> World:
    return two_organizations()


@pytest.fixture
def someone(world: World) -> Person:
    return person(world.organization)


@pytest.fixture
def something(world: World) -> Box:
    return box(world.organization)


def ask(
    world: World, caller: callers.Caller, operation: Operation, *more: Any, **facts: Any
) -> Any:
    """Call as `caller`, with ids of the caller's own organization in the path."""
    path = operation.path + facts.pop("query", "")
    for name, value in world.theirs.items():
        path = path.replace(f"{{{name}}}", value)
    if operation.path.endswith("/auth/login"):
        email = world.organization.memberships.earliest("pk").user.email
        facts["Authorization"] = basic(email, PASSWORD)
    root = callers.Caller("", caller.token, caller.client)
    return root.call(operation.method, path[1:], *more, **facts)


def whoever(someone: Person, something: Box, operation: Operation) -> callers.Caller:
    return something if operation.path.startswith(DEVICES) else someone


@pytest.mark.parametrize("operation", ruled(400))
def test_a_nul_in_the_query(
    world: World, someone: Person, something: Box, operation: Operation
) -> None:
    caller = whoever(someone, something, operation)
    error_of(ask(world, caller, operation, {}, query="?x=%00"), 400)


@pytest.mark.parametrize("operation", ruled(401))
def test_nobody_calls(world: World, operation: Operation) -> None:
    answer = ask(world, callers.stranger(), operation, {})
    assert error_of(answer, 401) == "Authorization not present in header"
    realm = "DeviceJWT" if operation.caller == Caller.DEVICE else "ManagementJWT"
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="{realm}"'


@pytest.mark.parametrize("operation", ruled(403))
def test_no_role_allows_it(world: World, someone: Person, operation: Operation) -> None:
    world.organization.memberships.update(role="")
    error_of(ask(world, someone, operation, {}), 403)


@pytest.mark.parametrize("operation", ruled(413))
def test_a_body_too_large(
    world: World, someone: Person, something: Box, operation: Operation
) -> None:
    error_of(ask(world, whoever(someone, something, operation), operation, HUGE), 413)


@pytest.mark.parametrize("operation", ruled(415))
def test_a_body_of_another_kind(
    world: World, someone: Person, something: Box, operation: Operation
) -> None:
    caller = whoever(someone, something, operation)
    error_of(ask(world, caller, operation, b"{}", content_type="text/plain"), 415)


@pytest.mark.parametrize("operation", ruled(429))
def test_too_many_calls(
    world: World, someone: Person, something: Box, operation: Operation, settings: Settings
) -> None:
    settings.USER_RATE = settings.DEVICE_RATE = 1
    throttling.forget()
    assert someone.get("v1/useradm/users/me").status_code == 200
    assert something.poll().status_code == 204
    caller = whoever(someone, something, operation)
    assert "too many requests" in error_of(ask(world, caller, operation, {}), 429)


@pytest.mark.parametrize("operation", ruled(500))
def test_a_failure_of_ours(
    world: World, someone: Person, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    for pattern in urlpatterns:
        if "/" + CONVERTER.sub(r"{\1}", str(pattern.pattern)) == operation.path:
            assert isinstance(pattern.callback, Resource)
            monkeypatch.setitem(pattern.callback.views, operation.method, fail)
    answer = ask(world, someone, operation, {})
    assert error_of(answer, 500) == "internal error"
    assert b"secret" not in answer.content
