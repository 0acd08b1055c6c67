"""Who has a second factor signs in with a code, wherever they sign in."""

import pytest
from django.conf import settings
from django.test import Client

from auditlog.models import AuditEntry
from fleet import two_factor
from fleet.models import User
from tests.codes import code_of, enable
from tests.make import PASSWORD, make_user
from tests.pages.reading import words

pytestmark = pytest.mark.django_db
CODE = "/sign-in/code/"


@pytest.fixture
def ann() -> User:
    user = make_user(email="ann@example.com", is_staff=True)
    enable(user)
    return user


@pytest.fixture
def half() -> Client:
    """Somebody whose password was right."""
    client = Client()
    said = {"username": "ann@example.com", "password": PASSWORD, "next": "/devices/"}
    assert client.post("/sign-in/", said)["Location"] == CODE
    return client


def test_a_right_password_alone_opens_nothing(ann: User, half: Client) -> None:
    assert half.get("/")["Location"].startswith("/sign-in/")
    assert half.get("/admin/")["Location"].startswith("/admin/login/")
    assert not AuditEntry.objects.filter(action="sign_in").exists()
    assert "Enter your code" in words(half.get(CODE))


def test_the_code_opens_the_page_that_was_asked_for(ann: User, half: Client) -> None:
    before = half.cookies[settings.SESSION_COOKIE_NAME].value
    answer = half.post(CODE, {"code": code_of(ann)})
    assert (answer.status_code, answer["Location"]) == (302, "/devices/")
    assert half.get("/devices/").status_code == 200
    assert half.get("/admin/").status_code == 200
    assert half.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert AuditEntry.objects.filter(action="sign_in").count() == 1


def test_a_wrong_code_and_one_that_was_used_are_refused(ann: User, half: Client) -> None:
    code = code_of(ann)
    other = Client()
    other.post("/sign-in/", {"username": "ann@example.com", "password": PASSWORD})
    assert half.post(CODE, {"code": code}).status_code == 302
    for wrong in (code, "000000", "é" * 6, ""):
        assert other.post(CODE, {"code": wrong}).status_code == 422
    assert other.get("/")["Location"].startswith("/sign-in/")


def test_after_five_wrong_codes_a_right_one_does_not_help(ann: User, half: Client) -> None:
    for _ in range(two_factor.GUESSES):
        half.post(CODE, {"code": "x"})
    assert half.post(CODE, {"code": code_of(ann)}).status_code == 422


def test_the_password_waits_five_minutes_for_the_code(
    ann: User, half: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, late = code_of(ann), two_factor.time.time() + 301
    monkeypatch.setattr("fleet.views.signing_in.time.time", lambda: late)
    assert half.post(CODE, {"code": code})["Location"] == "/sign-in/"


def test_a_password_that_changed_meanwhile_has_to_be_entered_again(ann: User, half: Client) -> None:
    ann.set_password("quite-another-one")
    ann.save()
    assert half.post(CODE, {"code": code_of(ann)})["Location"] == "/sign-in/"


def test_nobody_enters_a_code_who_did_not_enter_a_password() -> None:
    assert Client().get(CODE)["Location"] == "/sign-in/"


def test_the_admin_sends_to_the_one_sign_in_there_is(ann: User) -> None:
    answer = Client().post(
        "/admin/login/?next=/admin/", {"username": "ann@example.com", "password": PASSWORD}
    )
    assert answer["Location"] == "/sign-in/?next=%2Fadmin%2F"
    viewer = Client()
    viewer.force_login(make_user(role="viewer"))
    assert viewer.get("/admin/login/").status_code == 403


def test_the_admin_s_password_page_is_the_account(ann: User) -> None:
    client = Client()
    client.force_login(ann)
    assert client.get("/admin/password_change/")["Location"] == "/account/"
    client.force_login(User.objects.create_superuser("chief@example.com", PASSWORD))
    assert client.get("/admin/password_change/").status_code == 200
