"""Describing and deleting artifacts and releases, unless somebody objects."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from artifacts.models import Artifact, Fit, Release
from artifacts.operations import delete_artifact, delete_release, describe
from artifacts.releases import set_notes
from artifacts.signals import artifact_about_to_be_deleted, artifact_about_to_be_described
from auditlog.models import Action, AuditEntry
from fleet.errors import Conflict, Invalid, NotFound
from tests.artifacts.stored import stored_files
from tests.make import make_actor, make_artifact, make_organization, make_release, upload_artifact

pytestmark = pytest.mark.django_db


@contextmanager
def objecting(signal: Signal) -> Iterator[None]:
    def object_to(**_: Any) -> None:
        raise Conflict("artifact_in_use", "It is in use.")

    signal.connect(object_to)
    try:
        yield
    finally:
        signal.disconnect(object_to)


def test_deleting_takes_the_file_once_it_is_committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    artifact = upload_artifact()
    with django_capture_on_commit_callbacks(execute=True):
        delete_artifact(actor=make_actor(artifact.organization), artifact=artifact)
        assert len(stored_files()) == 1
    assert stored_files() == []


def test_the_release_goes_with_its_last_artifact() -> None:
    release = make_release()
    first, second = (make_artifact(release, device_types=[kind]) for kind in ("a", "b"))
    actor = make_actor(release.organization)
    delete_artifact(actor=actor, artifact=first)
    assert list(release.artifacts.all()) == [second]
    delete_artifact(actor=actor, artifact=second)
    assert not Release.objects.exists()
    assert not Fit.objects.exists()
    assert AuditEntry.objects.filter(action=Action.DELETE, object_name=release.name).count() == 2


def test_what_was_deleted_may_be_uploaded_again() -> None:
    organization = make_organization()
    artifact = upload_artifact(organization)
    delete_artifact(actor=make_actor(organization), artifact=artifact)
    assert upload_artifact(organization).release.name == artifact.release.name


def test_an_objection_prevents_the_deletion_altogether() -> None:
    artifact = upload_artifact()
    with objecting(artifact_about_to_be_deleted), pytest.raises(Conflict):
        delete_artifact(actor=make_actor(artifact.organization), artifact=artifact)
    assert Artifact.objects.get() == artifact
    assert len(stored_files()) == 1
    assert not AuditEntry.objects.filter(action=Action.DELETE).exists()


def test_deleting_what_is_gone_is_not_found() -> None:
    artifact = make_artifact()
    actor = make_actor(artifact.organization)
    delete_artifact(actor=actor, artifact=artifact)
    with pytest.raises(NotFound):
        delete_artifact(actor=actor, artifact=Artifact(pk=artifact.number, release_id=1))


def test_a_release_is_deleted_whole() -> None:
    release = make_release()
    for kind in ("a", "b"):
        make_artifact(release, device_types=[kind])
    delete_release(actor=make_actor(release.organization), release=release)
    assert not Artifact.objects.exists()
    assert not Release.objects.exists()


def test_describing_changes_the_text_and_is_logged() -> None:
    artifact = make_artifact(description="old")
    before = artifact.modified_at
    describe(actor=make_actor(artifact.organization), artifact=artifact, description="new")
    artifact.refresh_from_db()
    assert artifact.description == "new"
    assert artifact.modified_at > before
    assert AuditEntry.objects.get(action=Action.UPDATE).change == {"description": ["old", "new"]}


def test_an_objection_prevents_the_description() -> None:
    artifact = make_artifact(description="old")
    with objecting(artifact_about_to_be_described), pytest.raises(Conflict):
        describe(actor=make_actor(artifact.organization), artifact=artifact, description="new")
    artifact.refresh_from_db()
    assert artifact.description == "old"


@pytest.mark.parametrize("text", ["x" * 4097, "a\0b"])
def test_a_description_that_cannot_be_kept_is_invalid(text: str) -> None:
    artifact = make_artifact()
    with pytest.raises(Invalid):
        describe(actor=make_actor(artifact.organization), artifact=artifact, description=text)


def test_a_release_takes_notes() -> None:
    release = make_release()
    actor = make_actor(release.organization)
    set_notes(actor=actor, release=release, notes="Fixes the clock.")
    release.refresh_from_db()
    assert release.notes == "Fixes the clock."
    with pytest.raises(Invalid):
        set_notes(actor=actor, release=release, notes="x" * 1025)
