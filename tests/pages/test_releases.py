"""Releases, their artifacts, and how they come and go."""

import pytest
from django.utils import timezone

from artifacts.models import Artifact, Release, ReleaseType
from tests.make import (
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_release,
    upload_artifact,
)
from tests.pages.reading import queries, words

pytestmark = pytest.mark.django_db


def test_without_releases_it_teaches_how_the_first_one_comes(client, visit):
    text = words(client.get("/releases/"))
    assert "There is nothing to install yet" in text
    assert "mender-artifact write" in text
    assert "A release manager of Northquay can." in words(visit("viewer").get("/releases/"))


def test_the_list_says_what_each_is_for_and_who_runs_it(client, home):
    release = make_release(home, name="os-2")
    make_artifact(release, device_types=["gw-a64"], size=148_000_000)
    make_artifact(release, device_types=["gw-a53"], size=100_000_000)
    make_device(home, software="os-2")
    text = words(client.get("/releases/"))
    assert "os-2 gw-a53, gw-a64 2 artifacts 248 MB 1" in text
    assert "248 MB stored" in text


def test_it_is_found_by_name(client, home):
    for name in ("os-1", "os-2", "panel"):
        make_artifact(make_release(home, name=name))
    text = words(client.get("/releases/?q=OS"))
    assert "2 of 3 releases match" in text
    assert "No release matches" in words(client.get("/releases/?q=zzz"))


def test_fifty_releases_take_as_many_queries_as_one(client, home):
    make_artifact(make_release(home))
    few = queries(client, "/releases/")
    for _ in range(49):
        make_artifact(make_release(home))
    assert queries(client, "/releases/") == few <= 16


def test_the_page_of_a_release_says_what_is_in_it(client, home):
    artifact = upload_artifact(home, "os-2", device_types=["gw-a64"])
    text = words(client.get(f"/releases/{artifact.release.id}/"))
    for said in ("os-2", "For gw-a64", artifact.sha256, "Needs device_type gw-a64", "install.sh"):
        assert said in text


def test_what_was_put_together_of_modules_is_shown_with_its_files(client, home):
    release = make_distribution_set(home, "fw", "1.0", files={"image.bin": b"x" * 2000})
    text = words(client.get("/releases/"))
    assert "fw:1.0 1 module 2.0 kB 0" in text
    text = words(client.get(f"/releases/{release.id}/"))
    for said in ("fw:1.0", "1 module", "fw-os 1.0", "OS", "image.bin", "2.0 kB", "Deploy it"):
        assert said in text
    assert "artifact" not in text.partition("Deploy it")[2]
    file = release.modules.get().files.get()
    answer = client.get(f"/modules/files/{file.pk}/")
    assert b"".join(answer) == b"x" * 2000
    assert answer["Content-Disposition"] == 'attachment; filename="image.bin"'


def test_what_cannot_be_deployed_says_why(client, home):
    kind = ReleaseType.objects.get(organization=home, key="os")
    facts = {"organization": home, "title": "fw", "type": kind}
    incomplete = Release.objects.create(name="fw:1", version="1", **facts)
    text = words(client.get(f"/releases/{incomplete.id}/"))
    assert "Incomplete A release of type OS only has at least one module of OS." in text
    assert "This release has nothing to install" in text
    assert "Deploy it" not in text
    invalid = make_distribution_set(home, "app", invalidated_at=timezone.now())
    text = words(client.get(f"/releases/{invalid.id}/"))
    assert "it can no longer be deployed" in text
    assert "Deploy it" not in text


def test_the_files_of_others_are_not_there(client):
    module = make_distribution_set(files={"image.bin": b"x"}).modules.get()
    assert client.get(f"/modules/files/{module.files.get().pk}/").status_code == 404


def test_a_download_goes_by_a_signed_link(client, home):
    artifact = upload_artifact(home, "os-3")
    response = client.get(f"/artifacts/{artifact.id}/download/")
    assert response.status_code == 302
    assert response["Location"].startswith(f"http://testserver/files/artifacts/{artifact.id}/os-3")


def test_a_description_is_changed(client, home):
    artifact = make_artifact(make_release(home))
    url = f"/artifacts/{artifact.id}/describe/"
    assert "Description saved." in words(client.post(url, {"description": "new"}, follow=True))
    artifact.refresh_from_db()
    assert artifact.description == "new"


def test_deleting_is_asked_first_and_takes_the_release_along(client, home):
    artifact = upload_artifact(home, "os-3")
    url = f"/artifacts/{artifact.id}/delete/"
    assert "It is the last artifact of os-3" in words(client.get(url))
    response = client.post(url, follow=True)
    assert response.redirect_chain == [("/releases/", 302)]
    assert "An artifact of os-3 is deleted." in words(response)


def test_what_is_being_deployed_is_not_deleted(client, home):
    release = upload_artifact(home, "os-3", device_types=["board"]).release
    make_deployment(release=release, devices=[make_device(home, device_type="board")])
    artifact = release.artifacts.get()
    response = client.post(f"/artifacts/{artifact.id}/delete/", follow=True)
    assert response.redirect_chain == [(f"/releases/{release.id}/", 302)]
    assert Artifact.objects.filter(pk=artifact.pk).exists()


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_who_may_not_is_refused(visit, home, role):
    client, artifact = visit(role), make_artifact(make_release(home))
    assert client.get("/releases/upload/").status_code == 403
    assert client.post("/releases/upload/").status_code == 403
    assert client.post(f"/artifacts/{artifact.id}/delete/").status_code == 403
    assert client.post(f"/artifacts/{artifact.id}/describe/").status_code == 403
    assert "Upload an artifact" not in words(client.get(f"/releases/{artifact.release.id}/"))
