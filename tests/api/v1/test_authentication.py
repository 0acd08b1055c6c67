"""Who calls: by token, by session with its CSRF token, or by password where that is allowed."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from fleet import throttling
from fleet.models import AccessToken, AuthSet, Membership, User
from tests.api.v1.callers import Caller, caller
from tests.make import PASSWORD, make_device, make_organization, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.v1.room")]
DEVICES = "/api/v1/devices"


@pytest.fixture
def admin(db: None) -> Caller:
    return caller()


@pytest.fixture
def basic(settings: Settings) -> None:
    settings.BASIC_AUTH = True


def ask(authorization: str = "", path: str = DEVICES, **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if authorization:
        named["Authorization"] = authorization
    return Client(enforce_csrf_checks=True).get(path, headers=named)


def by_password(email: str, password: str = PASSWORD, **headers: str) -> HttpResponse:
    return ask(f"Basic {b64encode(f'{email}:{password}'.encode()).decode()}", **headers)


def code(answer: HttpResponse) -> tuple[int, str]:
    found: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    return answer.status_code, found.get("code", "")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("", "not_authenticated"),
        ("Bearer nonsense", "authentication_failed"),
        ("Bearer", "authentication_failed"),
        ("Bearer \xff", "authentication_failed"),
        ("Digest username=x", "not_authenticated"),
        ("Basic Og==", "basic_disabled"),
    ],
)
def test_nobody_calls(db: None, authorization: str, expected: str) -> None:
    answer = ask(authorization)
    assert code(answer) == (401, expected)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Slipway"'


def test_a_token_that_does_not_stand_any_more(admin: Caller) -> None:
    token = f"Bearer {admin.token}"
    assert ask(token).status_code == 200
    User.objects.update(is_active=False)
    assert code(ask(token)) == (401, "authentication_failed")
    User.objects.update(is_active=True)
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert code(ask(token)) == (401, "authentication_failed")
    AccessToken.objects.all().delete()
    assert code(ask(token)) == (401, "authentication_failed")


def test_the_token_of_a_device_is_none(admin: Caller) -> None:
    make_device(admin.organization)
    assert code(ask(f"Bearer {AuthSet.objects.get().id}")) == (401, "authentication_failed")


def test_a_token_answers_for_its_own_organization_only(admin: Caller) -> None:
    token, other = f"Bearer {admin.token}", make_organization()
    Membership.objects.create(user=admin.membership.user, organization=other)
    assert ask(token, slipway_organization=admin.organization.key).status_code == 200
    assert code(ask(token, slipway_organization=other.key)) == (403, "organization_mismatch")


def test_a_session_reads_without_and_writes_with_its_csrf_token(admin: Caller) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin.membership.user)
    assert browser.get(DEVICES).status_code == 200
    sent: dict[str, Any] = {"content_type": "application/json"}
    refused = browser.post("/api/v1/filters", {"name": "n"}, **sent)
    assert code(refused) == (403, "csrf_failed")
    browser.get("/account/")
    token = browser.cookies["csrftoken"].value
    sent["headers"] = {"X-CSRFToken": token}
    assert browser.post("/api/v1/filters", {"name": "n"}, **sent).status_code == 201


def test_a_session_acts_where_it_says(admin: Caller) -> None:
    other = make_organization()
    make_device(other, name="theirs")
    browser = Client()
    browser.force_login(admin.membership.user)
    named = {"Slipway-Organization": other.key}
    assert code(browser.get(DEVICES, headers=named)) == (403, "organization_mismatch")
    Membership.objects.create(user=admin.membership.user, organization=other, role="viewer")
    shown = browser.get(DEVICES, headers=named).json()
    assert [item["name"] for item in shown["items"]] == ["theirs"]
    assert browser.get(DEVICES).json()["items"] == []


@pytest.mark.usefixtures("basic")
def test_by_password_where_it_is_enabled(admin: Caller) -> None:
    email = admin.membership.user.email
    assert by_password(email).status_code == 200
    assert by_password(email.upper()).status_code == 200
    assert code(by_password(email, "wrong")) == (401, "authentication_failed")
    assert code(by_password("nobody@example.com")) == (401, "authentication_failed")
    for garbage in ("Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic /w=="):
        assert code(ask(garbage)) == (401, "authentication_failed")


@pytest.mark.usefixtures("basic")
def test_whoever_has_a_second_factor_needs_a_token(admin: Caller) -> None:
    user = admin.membership.user
    User.objects.filter(pk=user.pk).update(two_factor="enabled", totp_secret="s")
    assert code(by_password(user.email)) == (401, "token_needed")
    assert code(by_password(user.email, "wrong")) == (401, "authentication_failed")


@pytest.mark.usefixtures("basic")
def test_a_password_is_hashed_once_in_a_while(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda *a: hashed.append(1) or check(*a))
    for _ in range(3):
        assert by_password(admin.membership.user.email).status_code == 200
    assert len(hashed) == 1
    for _ in range(2):
        by_password(admin.membership.user.email, "wrong")
    assert len(hashed) == 3


@pytest.mark.usefixtures("basic")
def test_what_is_remembered_of_a_password_ends_with_it(admin: Caller) -> None:
    user = admin.membership.user
    assert by_password(user.email).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert by_password(user.email).status_code == 401
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert by_password(user.email).status_code == 200
    Membership.objects.filter(user=user).delete()
    assert code(by_password(user.email)) == (403, "organization_mismatch")
    Membership.objects.create(user=user, organization=admin.organization, role="viewer")
    user.set_password("another-long-one")
    user.save()
    assert by_password(user.email).status_code == 401
    assert by_password(user.email, "another-long-one").status_code == 200


@pytest.mark.usefixtures("basic")
def test_guesses_are_throttled_as_at_the_sign_in(db: None, settings: Settings) -> None:
    settings.SIGN_IN_RATE = 2
    user = make_user()
    answers = [by_password(user.email, f"guess {n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    throttling.forget()


def test_each_token_is_counted_by_itself_and_strangers_by_their_address(
    admin: Caller, settings: Settings
) -> None:
    settings.USER_RATE = 2
    other = caller(organization=admin.organization)
    for who in (f"Bearer {admin.token}", f"Bearer {other.token}", "", "Bearer nonsense"):
        throttling.forget()
        answers = [ask(who) for _ in range(3)]
        assert answers[0].status_code == answers[1].status_code != 429
        assert code(answers[2]) == (429, "too_many_requests")
        assert int(answers[2].headers["Retry-After"]) > 0
        others = ask(f"Bearer {other.token if who != f'Bearer {other.token}' else admin.token}")
        assert others.status_code == 200
    throttling.forget()
