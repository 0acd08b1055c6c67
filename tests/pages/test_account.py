"""One's own account: password, second factor, personal tokens."""

import re

import pytest
from django.test import Client

from fleet import access_tokens
from fleet.models import AccessToken, Organization, User
from tests.codes import code_of, enable
from tests.make import PASSWORD, make_user
from tests.pages.reading import words

JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
BEGIN, VERIFY, DISABLE = (f"/account/two-factor/{verb}/" for verb in ("begin", "verify", "disable"))


@pytest.fixture
def ann(home: Organization) -> User:
    return make_user(organization=home, email="ann@example.com", role="viewer")


@pytest.fixture
def client(ann: User) -> Client:
    client = Client()
    client.force_login(ann)
    return client


def test_the_account_menu_leads_there(client: Client) -> None:
    assert 'href="/account/"' in client.get("/devices/").content.decode()
    page = client.get("/account/")
    assert "ann@example.com" in words(page)
    assert "no-store" in page["Cache-Control"]


def test_a_second_factor_is_set_up_by_scanning_and_a_first_code(client: Client, ann: User) -> None:
    assert client.post(BEGIN)["Location"] == "/account/"
    page = client.get("/account/").content.decode()
    assert "<svg" in page
    assert "It is off until then." in page
    ann.refresh_from_db()
    assert ann.two_factor == "unverified"
    assert client.post(VERIFY, {"code": code_of(ann)}).status_code == 302
    ann.refresh_from_db()
    assert ann.two_factor == "enabled"
    assert "takes a code from your authenticator app" in words(client.get("/account/"))


def test_a_wrong_first_code_is_said_beside_the_field(client: Client, ann: User) -> None:
    client.post(BEGIN)
    answer = client.post(VERIFY, {"code": "000000"})
    assert answer.status_code == 422
    assert "The code is wrong or was used." in words(answer)
    assert client.post(VERIFY, {"code": ""}).status_code == 422


def test_switching_it_off_takes_the_password(client: Client, ann: User) -> None:
    enable(ann)
    for wrong in ("", "wrong"):
        assert client.post(DISABLE, {"current": wrong}).status_code == 422
    assert "is enabled already" in words(client.post(BEGIN, follow=True))
    assert client.post(DISABLE, {"current": PASSWORD}).status_code == 302
    ann.refresh_from_db()
    assert (ann.two_factor, ann.totp_secret) == ("disabled", "")


def test_a_new_password_keeps_this_session_and_ends_the_others(client: Client, ann: User) -> None:
    token = access_tokens.sign_in(email=ann.email, password=PASSWORD)
    other = Client()
    other.force_login(ann)
    for current, new in [("wrong", "another-long-one"), (PASSWORD, "short"), (PASSWORD, "")]:
        refused = client.post("/account/password/", {"current": current, "password": new})
        assert refused.status_code == 422
    said = {"current": PASSWORD, "password": "another-long-one"}
    assert "Password changed." in words(client.post("/account/password/", said, follow=True))
    assert other.get("/account/")["Location"].startswith("/sign-in/")
    assert access_tokens.authenticate(token or "") is None


def test_a_token_is_shown_once_and_revoked(client: Client, ann: User) -> None:
    answer = client.post("/account/tokens/", {"name": "ci", "days": "30"})
    assert answer.status_code == 200
    [token] = [found for found in JWT.findall(words(answer)) if len(found) > 100]
    actor = access_tokens.authenticate(token)
    assert actor
    assert actor.name == "ann@example.com"
    page = client.get("/account/")
    assert token not in page.content.decode()
    assert "ci" in words(page)
    again = client.post("/account/tokens/", {"name": "ci", "days": "0"})
    assert again.status_code == 422
    assert "There is a token ci already." in words(again)
    assert client.post("/account/tokens/", {"name": "x", "days": "7"}).status_code == 422
    row = AccessToken.objects.get()
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 302
    assert access_tokens.authenticate(token) is None
