"""Guessing passwords in a form ends in a pause."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from fleet import throttling
from tests.make import PASSWORD, make_user
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limit(settings: Settings) -> Iterator[None]:
    settings.SIGN_IN_RATE = 2
    throttling.forget()
    yield
    throttling.forget()


def test_the_dashboard_says_how_long() -> None:
    client = Client()
    make_user(email="ann@example.com")
    for password in ("wrong", "worse"):
        client.post("/sign-in/", {"username": "ann@example.com", "password": password})
    answer = client.post("/sign-in/", {"username": "ann@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    assert "Too many attempts. Try again in 30 s." in words(answer)
    other = client.post("/sign-in/", {"username": "bob@example.com", "password": PASSWORD})
    assert other.status_code == 422


def test_the_password_is_not_guessed_at_by_who_is_signed_in() -> None:
    client = Client()
    client.force_login(make_user())
    for path in ("two-factor/disable", "password", "password"):
        said = {"current": "wrong", "password": "another-word-8"}
        answer = client.post(f"/account/{path}/", said)
        assert answer.status_code == 422
    assert "Too many requests, try again in 30 s." in words(answer)


def test_django_s_admin_has_no_sign_in_of_its_own_to_guess_at() -> None:
    make_user(email="ann@example.com", is_staff=True)
    said = {"username": "ann@example.com", "password": PASSWORD}
    answer = Client().post("/admin/login/?next=/admin/fleet/", said)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fadmin%2Ffleet%2F")
