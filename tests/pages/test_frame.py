"""What every page has in common: headers, theme, error pages, no inline styles or scripts."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import path

from config import urls
from tests.make import make_deployment, make_device, make_mender_file, make_release
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def broken(request):
    raise ZeroDivisionError


urlpatterns = [path("broken/", broken), *urls.urlpatterns]


@pytest.fixture
def pages(home):
    device = make_device(home, device_type="board", seen_at=None)
    deployment = make_deployment(home, devices=[device])
    release = deployment.release
    return [
        *("/", "/devices/", f"/devices/{device.id}/", f"/devices/{device.id}/decommission/"),
        *("/releases/", f"/releases/{release.id}/", "/releases/upload/"),
        f"/artifacts/{release.artifacts.get().id}/delete/",
        *("/deployments/", "/deployments/new/", f"/deployments/{deployment.id}/"),
        f"/deployments/{deployment.id}/abort/",
    ]


def test_no_page_carries_styles_or_scripts_of_its_own(client, pages):
    for url in pages:
        response = client.get(url)
        assert response.status_code == 200, url
        text = response.content.decode()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), url
        assert "default-src 'self'" in response["Content-Security-Policy"]
        assert not re.search(r'(src|href)="(https?:)?//', text), url


def test_every_page_answers_head_and_has_one_h1(client, pages):
    for url in pages:
        assert client.head(url).status_code == 200, url
        assert client.get(url).content.decode().count("<h1") == 1, url


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cookie_chooses_the_theme(client, theme):
    client.cookies["theme"] = theme
    assert f'<html lang="en" data-theme="{theme}">' in client.get("/").content.decode()


def test_a_strange_theme_is_left_out(client):
    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/").content.decode().split("<head>")[0]


def test_names_are_text_wherever_they_stand(client, home):
    make_device(home, name="<script>alert(1)</script>")
    make_release(home, name="<b>bold</b>")
    for url in ("/devices/", "/releases/", "/devices/?q=<script>alert(1)</script>"):
        assert "<script>alert" not in client.get(url).content.decode()


def test_what_is_not_there_is_said_in_the_same_look(client):
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert "There is nothing here" in words(response)


@pytest.mark.urls(__name__)
def test_what_breaks_is_said_in_the_same_look(client):
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Something broke on this server" in words(response)


def test_forms_need_their_token(home, visit):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visit().cookies
    device = make_device(home, status="pending")
    refused = strict.post("/devices/decide/", {"device": device.pk, "verb": "accept"})
    assert refused.status_code == 403
    assert "This form has grown too old" in words(refused)
    file = SimpleUploadedFile("a.mender", make_mender_file())
    assert strict.post("/releases/upload/", {"artifact": file}).status_code == 403
    assert home.releases.count() == 0
