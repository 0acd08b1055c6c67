"""How an artifact comes in by the form."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from artifacts.models import Artifact, Release
from tests.make import make_mender_file
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def send(client, content, description="From ci", **headers):
    file = SimpleUploadedFile("app.mender", content)
    posted = {"description": description, "artifact": file}
    return client.post("/releases/upload/", posted, headers=headers)


def test_an_upload_leads_to_its_release(client, home):
    response = send(client, make_mender_file("os-3"))
    release = home.releases.get(name="os-3")
    assert (response.status_code, response["Location"]) == (302, f"/releases/{release.id}/")
    assert release.artifacts.get().description == "From ci"
    assert "os-3 is uploaded and verified." in words(client.get(response["Location"]))


def test_htmx_is_led_to_the_release(client, home):
    response = send(client, make_mender_file("os-3"), **{"HX-Request": "true"})
    release = home.releases.get(name="os-3")
    assert response["HX-Redirect"] == f"/releases/{release.id}/"


def test_a_broken_file_is_refused_in_words_and_nothing_is_kept(client, home):
    response = send(client, make_mender_file("os-3")[:2000])
    assert response.status_code == 422
    assert "Not uploaded" in words(response)
    assert 'aria-invalid="true"' in response.content.decode()
    only = send(client, b"no artifact", **{"HX-Request": "true"})
    assert (only.status_code, b"<html" in only.content) == (422, False)
    assert Artifact.objects.count() == Release.objects.count() == 0


def test_an_upload_without_a_file_is_refused(client):
    response = client.post("/releases/upload/", {"description": "nothing"})
    assert response.status_code == 422
