"""A raw file becomes an artifact by a form: checked, being built, there, or not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from artifacts.models import Artifact, PendingUpload
from jobs.models import Job
from jobs.running import run_due
from tests.make import make_artifact, make_organization, make_pending_upload, make_release
from tests.pages.reading import part, words

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = {"name": "panel-1", "device_types_compatible": "board, rspi", "dest_dir": "/etc"}


def send(client, *, htmx=False, **fields):
    file = SimpleUploadedFile("panel.conf", b"brightness=7\n")
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post("/releases/wrap/", {**FIELDS, "file": file, **fields}, headers=headers)


def test_the_two_ways_in_lead_to_each_other(client):
    for url in ("/releases/upload/", "/releases/wrap/"):
        page = client.get(url).content.decode()
        assert 'href="/releases/upload/"' in page
        assert 'href="/releases/wrap/"' in page


def test_it_is_being_built_until_it_is_there(client, home):
    answer = send(client)
    building = f"/releases/building/{Job.objects.get().id}/"
    assert (answer.status_code, answer["Location"]) == (302, building)
    assert "Being built" in words(client.get(building))
    assert "Being built panel-1" in words(client.get("/releases/"))
    assert part(client, building, "build").status_code == 200
    run_due()
    release = home.releases.get()
    artifact = release.artifacts.get()
    assert artifact.device_types == ["board", "rspi"]
    assert artifact.payloads[0]["files"][-1]["name"] == "panel.conf"
    done = client.get(building, follow=True)
    assert done.redirect_chain == [(f"/releases/{release.id}/", 302)]
    assert "panel-1 is built and verified." in words(done)
    assert part(client, building, "build")["HX-Redirect"] == f"/releases/{release.id}/"
    assert "Being built" not in words(client.get("/releases/"))


def test_htmx_is_led_to_where_it_is_built(client):
    answer = send(client, htmx=True, filename="other.conf", description="Monday")
    assert answer["HX-Redirect"] == f"/releases/building/{Job.objects.get().id}/"
    recipe = PendingUpload.objects.get().facts["recipe"]
    assert (recipe["filename"], recipe["description"]) == ("other.conf", "Monday")


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, home):
    answer = send(client, dest_dir="etc", software_name="panel")
    assert answer.status_code == 422
    assert "Dest_dir: must be an absolute path." in words(answer)
    assert 'value="panel-1"' in answer.content.decode()
    assert "<details open>" in answer.content.decode()
    make_artifact(make_release(home, name="panel-1"))
    only = send(client, htmx=True)
    assert (only.status_code, b"<html" in only.content) == (422, False)
    assert "Artifact not unique." in words(only)
    assert client.post("/releases/wrap/", FIELDS).status_code == 422
    assert not PendingUpload.objects.exists()


def test_one_that_fails_later_says_why(client, home):
    send(client)
    make_artifact(make_release(home, name="panel-1"), device_types=["rspi"])
    run_due()
    building = f"/releases/building/{Job.objects.get().id}/"
    page = words(client.get(building))
    assert "Not built" in page
    assert "conflicting dependencies" in page
    assert part(client, building, "build").status_code == 286
    assert Artifact.objects.count() == 1


def test_others_and_those_who_may_not_are_refused(client, visit):
    theirs = make_pending_upload(make_organization())
    assert client.get(f"/releases/building/{theirs.facts['job']}/").status_code == 404
    for role in ("viewer", "operator"):
        assert visit(role).get("/releases/wrap/").status_code == 403
        assert send(visit(role)).status_code == 403
