"""The API keys of an organization on their page."""

import re

import pytest
from django.test import Client

from fleet import api_keys
from fleet.models import ApiKey, Organization
from tests.make import make_actor, make_organization
from tests.pages.conftest import Visit
from tests.pages.reading import words

HEADER = re.compile(r"X-AUTH-TOKEN: ([A-Z0-9]{32})/([A-Z0-9]{10})")


def test_the_menu_and_the_account_lead_administrators_there(client: Client) -> None:
    for page in ("/devices/", "/account/"):
        assert 'href="/api-keys/"' in client.get(page).content.decode()
    page = client.get("/api-keys/")
    assert "There is no key" in words(page)
    assert "no-store" in page["Cache-Control"]


def test_others_see_nothing_of_them(visit: Visit, home: Organization) -> None:
    manager = visit("release_manager")
    assert "/api-keys/" not in manager.get("/devices/").content.decode()
    assert manager.get("/api-keys/").status_code == 403
    assert manager.post("/api-keys/", {"name": "x", "level": "viewer"}).status_code == 403
    away = make_organization()
    key, _ = api_keys.issue(
        actor=make_actor(away), organization=away, name="theirs", level="viewer"
    )
    admin = visit()
    assert admin.get(f"/api-keys/{key.pk}/revoke/").status_code == 404
    assert admin.post(f"/api-keys/{key.pk}/revoke/").status_code == 404
    assert "theirs" not in words(admin.get("/api-keys/"))
    assert Client().get("/api-keys/")["Location"].startswith("/sign-in/")


def test_a_key_is_shown_once_with_the_header_to_send(client: Client, home: Organization) -> None:
    made = client.post("/api-keys/", {"name": "ci", "level": "release_manager"})
    found = HEADER.search(words(made))
    assert found
    secret, key_id = found.groups()
    known = api_keys.authenticate(key_id, secret)
    assert known
    assert known[1] == home
    page = words(client.get("/api-keys/"))
    assert secret not in page
    assert key_id in page
    assert "Release manager" in page


@pytest.mark.parametrize("form", [{"name": "", "level": "viewer"}, {"name": "x", "level": "no"}])
def test_what_makes_no_sense_is_said_beside_the_field(client: Client, form: dict[str, str]) -> None:
    refused = client.post("/api-keys/", form)
    assert refused.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_name_that_is_taken_is_said_beside_the_field(client: Client) -> None:
    client.post("/api-keys/", {"name": "ci", "level": "viewer"})
    refused = client.post("/api-keys/", {"name": "ci", "level": "viewer"})
    assert refused.status_code == 422
    assert "There is an API key ci already." in words(refused)


def test_revoking_asks_first(client: Client) -> None:
    client.post("/api-keys/", {"name": "ci", "level": "viewer"})
    key = ApiKey.objects.get()
    asked = client.get(f"/api-keys/{key.pk}/revoke/")
    assert "Revoke ci?" in words(asked)
    assert ApiKey.objects.get().revoked_at is None
    done = client.post(f"/api-keys/{key.pk}/revoke/", follow=True)
    assert "The key ci is void." in words(done)
    assert ApiKey.objects.get().revoked_at is not None
    assert client.get(f"/api-keys/{key.pk}/revoke/").status_code == 404
