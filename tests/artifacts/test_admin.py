"""Django's admin shows releases and artifacts, and changes them by the operations."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from artifacts.models import (
    Artifact,
    ModuleType,
    PendingUpload,
    Release,
    ReleaseType,
    SoftwareModule,
)
from auditlog.models import AuditEntry
from fleet.models import Organization
from tests.make import (
    make_artifact,
    make_distribution_set,
    make_organization,
    make_pending_upload,
    make_release,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(model: type[Model], view: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{view}", args=args)


@pytest.fixture
def home(client: Client) -> Organization:
    home = make_organization("Home")
    client.force_login(make_user(organization=home, is_staff=True))
    return home


def test_pending_uploads_are_shown_and_nothing_more(client: Client, home: Organization) -> None:
    ours, theirs = make_pending_upload(home, "os-1"), make_pending_upload(make_organization())
    page = client.get(url(PendingUpload)).content.decode()
    assert str(ours.id) in page
    assert str(theirs.id) not in page
    assert "os-1" in client.get(url(PendingUpload, "change", ours.pk)).content.decode()
    assert client.post(url(PendingUpload, "change", ours.pk), {}).status_code == 403
    assert client.post(url(PendingUpload, "delete", ours.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Release, Artifact])
def test_lists_are_searched_and_cost_the_same_however_long(
    client: Client,
    home: Organization,
    model: type[Model],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(10):
        make_artifact(make_release(home, name=f"release-{number}"), description=f"d{number}")
    make_artifact(make_release(name="theirs"))
    with django_assert_max_num_queries(12):
        page = client.get(url(model)).content.decode()
    assert "release-9" in page
    assert "theirs" not in page
    found = client.get(url(model), {"q": "release-7"}).content.decode()
    assert "release-7" in found
    assert "release-6" not in found


def test_a_description_is_changed_and_nothing_else_can_be(
    client: Client, home: Organization
) -> None:
    artifact = make_artifact(make_release(home))
    edit = url(Artifact, "change", artifact.pk)
    sent = {"description": "new", "size": "1", "sha256": "f", **_no_rows("fits")}
    assert client.post(edit, sent).status_code == 302
    changed = Artifact.objects.get()
    assert (changed.description, changed.size) == ("new", artifact.size)
    assert AuditEntry.objects.get().change == {"description": ["", "new"]}


def test_notes_are_changed(client: Client, home: Organization) -> None:
    release = make_release(home)
    sent = {"notes": "why", "name": "other", **_no_rows("artifacts"), **_no_rows("tags")}
    assert client.post(url(Release, "change", release.pk), sent).status_code == 302
    changed = Release.objects.get()
    assert (changed.name, changed.notes) == (release.name, "why")


def _no_rows(prefix: str) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def test_deleting_an_artifact_takes_its_release_along(client: Client, home: Organization) -> None:
    artifact = make_artifact(make_release(home))
    client.post(url(Artifact, "delete", artifact.pk), {"post": "yes"})
    assert not Release.objects.exists()
    assert AuditEntry.objects.get().action == "delete"


def test_selected_releases_are_deleted_whole(client: Client, home: Organization) -> None:
    releases = [make_artifact(make_release(home)).release for _ in range(2)]
    chosen = [release.pk for release in releases]
    sent = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    client.post(url(Release), sent)
    assert not Artifact.objects.exists()


def test_another_organizations_are_out_of_reach(client: Client, home: Organization) -> None:
    theirs = make_artifact()
    client.post(url(Artifact, "delete", theirs.pk), {"post": "yes"})
    assert Artifact.objects.get() == theirs


def test_modules_and_types_are_shown_and_nothing_more(client: Client, home: Organization) -> None:
    ours = make_distribution_set(home, files={"image.bin": b"x"}).modules.get()
    theirs = make_distribution_set(make_organization(), "theirs")
    page = client.get(url(SoftwareModule)).content.decode()
    assert "fw-os" in page
    assert "theirs-os" not in page
    assert "image.bin" in client.get(url(SoftwareModule, "change", ours.pk)).content.decode()
    for model in (ModuleType, ReleaseType):
        for organization, status in ((home, 200), (theirs.organization, 302)):
            row = model._default_manager.filter(organization=organization).first()
            assert row is not None
            assert client.get(url(model, "change", row.pk)).status_code == status
    assert client.post(url(SoftwareModule, "change", ours.pk), {}).status_code == 403
