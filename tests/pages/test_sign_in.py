"""Signing in and out, and looking through another organization."""

import pytest
from django.test import Client

from auditlog.models import AuditEntry
from fleet.models import Membership
from tests.make import PASSWORD, make_device, make_organization, make_user
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    return Client()


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": email, "password": password, **more})


def test_the_case_of_the_e_mail_does_not_matter(stranger):
    make_user(email="ann@example.com")
    response = sign_in(stranger, "Ann@Example.COM")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/sign-out/", "/admin/logout/"])
def test_signing_out_is_written_down(stranger, path):
    make_user(email="ann@example.com", is_staff=True)
    sign_in(stranger, "ann@example.com")
    assert stranger.post(path).status_code == 302
    assert stranger.get("/")["Location"].startswith("/sign-in/")
    stranger.post(path)
    entry = AuditEntry.objects.get(action="sign_out")
    assert (entry.actor_name, entry.via) == ("ann@example.com", "dashboard")


def test_signing_in_is_written_down(stranger):
    make_user(email="ann@example.com")
    sign_in(stranger, "ann@example.com", "wrong")
    sign_in(stranger, "ann@example.com")
    entry = AuditEntry.objects.get(action="sign_in")
    assert (entry.actor_name, entry.via, entry.address) == (
        "ann@example.com",
        "dashboard",
        "127.0.0.1",
    )


def test_a_wrong_password_is_answered_in_words(stranger):
    make_user(email="ann@example.com")
    response = sign_in(stranger, "ann@example.com", "wrong")
    assert response.status_code == 422
    assert "E-mail and password do not match." in words(response)


@pytest.mark.parametrize(("keep", "lasts"), [("on", 30 * 24 * 3600), ("", 0)])
def test_a_session_lasts_as_asked(stranger, keep, lasts):
    make_user(email="ann@example.com")
    sign_in(stranger, "ann@example.com", keep=keep)
    cookie = stranger.cookies["sessionid"]
    assert (cookie["max-age"] or 0) == lasts


def test_it_leads_to_the_page_asked_for_but_not_away(stranger):
    make_user(email="ann@example.com")
    assert stranger.get("/devices/?q=a")["Location"] == "/sign-in/?next=/devices/%3Fq%3Da"
    assert sign_in(stranger, "ann@example.com", next="/devices/?q=a")["Location"] == "/devices/?q=a"
    stranger.logout()
    assert sign_in(stranger, "ann@example.com", next="https://evil.example/")["Location"] == "/"


def test_signing_out_takes_a_post(client):
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/")["Location"].startswith("/sign-in/")


def test_one_looks_through_another_of_ones_organizations():
    here, there = make_organization("Here"), make_organization("There")
    user = make_user(organization=here)
    Membership.objects.create(user=user, organization=there, role="viewer")
    make_device(there, name="gw-there")
    client = Client()
    client.force_login(user)
    assert "gw-there" not in words(client.get("/devices/"))
    assert client.post("/organization/", {"organization": there.pk})["Location"] == "/"
    assert "gw-there" in words(client.get("/devices/"))


def test_no_one_looks_through_an_organization_of_others(client):
    other = make_organization()
    for asked in (other.pk, "nonsense", ""):
        assert client.post("/organization/", {"organization": asked}).status_code == 404


def test_who_belongs_to_no_organization_is_told_so():
    user = make_user()
    user.memberships.all().delete()
    client = Client()
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 403
    assert "You are not a member of any organization." in words(response)
    assert "Sign out" in words(response)


def test_signing_in_does_not_lead_to_itself(client):
    assert client.get("/sign-in/?next=/sign-in/")["Location"] == "/"
