"""Tags and notes of releases: written on their page, found by in the list."""

import pytest

from artifacts.models import Release, ReleaseTag
from auditlog.models import AuditEntry
from tests.make import make_artifact, make_organization, make_release
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(home):
    return make_artifact(make_release(home, name="app"), description="From the night").release


def annotate(client, release, **fields):
    return client.post(f"/releases/{release.id}/annotate/", fields, follow=True)


def test_they_are_written_and_shown(client, app):
    page = words(annotate(client, app, tags="QA, west\n qa", notes="Fixes the clock.\r\nYes."))
    assert "Tags and notes saved." in page
    assert "qa west Fixes the clock. Yes." in page
    app.refresh_from_db()
    assert app.notes == "Fixes the clock.\nYes."
    assert [tag.name for tag in app.tags.all()] == ["qa", "west"]
    annotate(client, app, tags="", notes="")
    assert not ReleaseTag.objects.exists()


def test_saving_what_is_there_already_changes_nothing(client, app):
    annotate(client, app, tags="qa", notes="n")
    before = AuditEntry.objects.count()
    annotate(client, app, tags="qa", notes="n")
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("fields", [{"tags": "ä"}, {"notes": "x" * 1025}, {"notes": "\0"}])
def test_both_are_saved_or_neither(client, app, fields):
    page = words(annotate(client, app, **{"tags": "qa", "notes": "new", **fields}))
    assert "saved" not in page
    assert Release.objects.get().notes == ""
    assert not ReleaseTag.objects.exists()


def test_the_list_is_narrowed_by_a_tag_and_a_text(client, home, app):
    other = make_artifact(make_release(home, name="other")).release
    for release, name in ((app, "qa"), (other, "qa"), (other, "west")):
        ReleaseTag.objects.create(release=release, name=name)
    ReleaseTag.objects.create(release=make_release(make_organization()), name="theirs")
    page = client.get("/releases/")
    assert "qa 2" in words(page)
    assert "theirs" not in words(page)
    assert 'href="?tag=west"' in page.content.decode()
    assert "1 of 2 releases matches" in words(client.get("/releases/?tag=west"))
    assert "other" in words(client.get("/releases/?tag=west"))
    assert "1 of 2 releases matches" in words(client.get("/releases/?tag=qa&q=night"))
    assert "No release matches" in words(client.get("/releases/?tag=west&q=night"))
    assert "2 of 2 releases match" in words(client.get("/releases/?tag=QA"))


def test_a_viewer_reads_them_only(client, visit, app):
    annotate(client, app, tags="qa", notes="Fixes the clock.")
    viewer = visit("viewer")
    page = words(viewer.get(f"/releases/{app.id}/"))
    assert "qa Fixes the clock." in page
    assert "Change tags" not in page
    assert annotate(viewer, app, tags="x").status_code == 403


def test_others_are_not_there(client):
    theirs = make_release(make_organization())
    assert annotate(client, theirs, tags="x", notes="").status_code == 404
