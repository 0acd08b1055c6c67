"""People sign in, sign out and keep personal tokens."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from fleet.models import AccessToken, Organization, User
from tests.api.mender.callers import Person, error_of, stranger
from tests.make import PASSWORD, make_user

USERADM = "v1/useradm"
TOKENS = f"{USERADM}/settings/tokens"


@pytest.fixture
def user(organization: Organization) -> User:
    return make_user(organization=organization, email="admin@example.com")


def basic(email: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{email}:{password}".encode()).decode()


@pytest.mark.usefixtures("user")
def test_basic_credentials_give_a_token(organization: Organization) -> None:
    caller = stranger()
    answer = caller.post(
        f"{USERADM}/auth/login", Authorization=basic("Admin@Example.com", PASSWORD)
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jwt")
    caller.token = answer.content.decode()
    assert caller.token.count(".") == 2
    assert caller.get("v2/devauth/devices").json() == []
    assert organization.memberships.count() == 1


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic %%%",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"\xff:\xff").decode(),
        "Bearer x",
        basic("admin@example.com", "wrong"),
        basic("nobody@example.com", PASSWORD),
        basic("a\0b", PASSWORD),
    ],
)
def test_wrong_credentials_are_refused(header: str) -> None:
    answer = stranger().post(f"{USERADM}/auth/login", Authorization=header)
    error_of(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="ManagementJWT"'


def test_signing_out_ends_the_session(admin: Person) -> None:
    assert admin.post(f"{USERADM}/auth/logout").status_code == 202
    error_of(admin.get("v2/devauth/devices"), 401)


def test_the_token_may_come_in_a_cookie_to_read(admin: Person) -> None:
    caller = stranger()
    caller.client.cookies["JWT"] = admin.token
    assert caller.get("v2/devauth/devices").status_code == 200
    error_of(caller.post("v2/devauth/devices/search", {}), 401)


def test_an_expired_token_is_refused(admin: Person) -> None:
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    error_of(admin.get("v2/devauth/devices"), 401)


def test_one_sees_oneself_and_one_s_people(user: User, admin: Person) -> None:
    me = admin.get(f"{USERADM}/users/me").json()
    people = admin.get(f"{USERADM}/users").json()
    assert {person["email"] for person in people} == {"admin@example.com", me["email"]}
    assert admin.get(f"{USERADM}/users/{user.id}").json()["email"] == "admin@example.com"
    error_of(admin.get(f"{USERADM}/users/{uuid4()}"), 404)


def test_a_personal_token_acts_for_its_owner(admin: Person) -> None:
    answer = admin.post(TOKENS, {"name": "ci", "expires_in": 3600})
    assert answer.status_code == 200
    script = stranger()
    script.token = answer.content.decode()
    assert script.get("v2/devauth/devices").status_code == 200
    [shown] = admin.get(TOKENS).json()
    assert shown["name"] == "ci"
    assert shown.keys() == {"id", "name", "created_ts", "last_used", "expiration_date"}
    assert admin.delete(f"{TOKENS}/{shown['id']}").status_code == 204
    error_of(script.get("v2/devauth/devices"), 401)
    for unknown in [shown["id"], "none"]:
        error_of(admin.delete(f"{TOKENS}/{unknown}"), 404)


def test_names_of_tokens_are_unique_and_few(admin: Person) -> None:
    for number in range(10):
        admin.post(TOKENS, {"name": f"token {number}", "expires_in": 0})
    error_of(admin.post(TOKENS, {"name": "one more"}), 422)
    admin.delete(f"{TOKENS}/{admin.get(TOKENS).json()[0]['id']}")
    error_of(admin.post(TOKENS, {"name": "token 3"}), 409)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 129},
        {"name": 5},
        {"name": "x", "expires_in": -1},
        {"name": "x", "expires_in": 31_536_001},
        {"name": "x", "expires_in": "1"},
        {"name": "x", "expires_in": True},
        [],
    ],
)
def test_a_malformed_token_is_refused(admin: Person, body: object) -> None:
    error_of(admin.post(TOKENS, body), 400)
