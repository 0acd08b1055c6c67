"""A caller that floods is told to wait; those beside it are not."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from fleet import throttling
from fleet.models import Organization
from tests.api.mender import authentication
from tests.api.mender.authentication import request_of
from tests.api.mender.callers import Box, Caller, Person, box, error_of, person, stranger
from tests.api.mender.lanes import ThroughDjango, ThroughTheLane, ask
from tests.api.mender.test_signing_in import basic
from tests.make import PASSWORD, Key, make_key, make_user

LIMIT = 3


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> Iterator[None]:
    settings.USER_RATE = settings.DEVICE_RATE = settings.SIGN_IN_RATE = LIMIT
    throttling.forget()
    yield
    throttling.forget()


def refused(answer: Any) -> None:
    assert "too many requests" in error_of(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60 / LIMIT


def test_a_person_who_floods_waits(admin: Person, organization: Organization) -> None:
    for _ in range(LIMIT):
        assert admin.get("v2/devauth/devices").status_code == 200
    refused(admin.get("v2/devauth/devices"))
    refused(admin.post("v1/deployments/deployments", {}))
    assert person(organization).get("v2/devauth/devices").status_code == 200


def test_guessing_one_s_own_password_is_guessing_too(admin: Person, settings: Settings) -> None:
    settings.SIGN_IN_RATE, settings.USER_RATE = 2, 0
    new = {"password": "another-word-8", "current_password": "wrong"}
    for _ in range(2):
        error_of(admin.put("v1/useradm/users/me", new), 422)
    error_of(admin.put("v1/useradm/users/me", {**new, "current_password": PASSWORD}), 429)


def test_a_device_that_floods_with_polls_waits(
    device: Box, organization: Organization, way: ThroughDjango | ThroughTheLane
) -> None:
    for _ in range(LIMIT):
        assert ask(way, device).status_code == 204
    refused(ask(way, device))
    assert ask(way, box(organization)).status_code == 204


def test_polls_and_reports_are_counted_together(device: Box) -> None:
    for _ in range(LIMIT):
        assert device.put("v1/inventory/device/attributes", []).status_code == 200
    refused(device.put("v1/inventory/device/attributes", []))
    refused(ask(ThroughTheLane(), device))


def test_a_key_that_keeps_asking_to_be_let_in_waits(
    caller: Caller, organization: Organization
) -> None:
    def ask_in(key: Key, **facts: str) -> Any:
        body = request_of(key, **facts)
        return authentication.ask(caller, body, key.sign(body))

    key = make_key()
    for _ in range(LIMIT):
        error_of(ask_in(key), 401)
    refused(ask_in(key))
    error_of(ask_in(make_key()), 401)
    error_of(ask_in(key, id_data='{"mac":"another"}'), 401)


def test_whoever_guesses_a_password_waits_even_with_the_right_one(
    organization: Organization,
) -> None:
    make_user(organization=organization, email="ann@example.com")
    caller, path = stranger(), "v1/useradm/auth/login"
    for _ in range(LIMIT):
        error_of(caller.post(path, Authorization=basic("Ann@example.com", "wrong")), 401)
    refused(caller.post(path, Authorization=basic("ann@example.com", PASSWORD)))
    error_of(caller.post(path, Authorization=basic("bob@example.com", "wrong")), 401)


def test_a_token_that_is_none_is_not_counted(device: Box) -> None:
    device.token += "x"
    for _ in range(LIMIT + 1):
        error_of(device.put("v1/inventory/device/attributes", []), 401)
