"""Two limits: how large one artifact may be, and how much an organization may store."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings

from artifacts.models import Artifact, Release
from artifacts.operations import add_artifact, delete_artifact
from artifacts.quotas import storage_usage
from artifacts.storage import Incoming
from fleet.errors import LimitReached
from fleet.models import Organization
from tests.artifacts.stored import stored_files
from tests.make import (
    make_actor,
    make_incoming,
    make_mender_file,
    make_organization,
    upload_artifact,
)

SIZE = len(make_mender_file())


@pytest.mark.django_db
def test_a_file_of_the_greatest_size_is_taken(settings: Settings) -> None:
    settings.ARTIFACT_SIZE_LIMIT = SIZE
    assert upload_artifact().size == SIZE


@pytest.mark.django_db
def test_a_larger_one_is_refused_while_it_arrives(settings: Settings) -> None:
    settings.ARTIFACT_SIZE_LIMIT = SIZE - 1
    with Incoming(make_organization()) as incoming, pytest.raises(LimitReached) as refusal:
        incoming.write(make_mender_file())
    assert refusal.value.code == "artifact_too_large"
    assert stored_files() == []


@pytest.mark.django_db
def test_the_usage_of_an_organization_is_what_its_artifacts_measure() -> None:
    organization = make_organization()
    assert storage_usage(organization) == 0
    artifact = upload_artifact(organization)
    upload_artifact(make_organization())
    assert storage_usage(organization) == SIZE
    delete_artifact(actor=make_actor(organization), artifact=artifact)
    assert storage_usage(organization) == 0


@pytest.mark.django_db
def test_what_would_pass_the_quota_is_refused_while_it_arrives() -> None:
    organization = make_organization(storage_limit=2 * SIZE - 1)
    upload_artifact(organization, "release-1")
    with pytest.raises(LimitReached) as refusal:
        upload_artifact(organization, "release-2")
    assert refusal.value.code == "storage_quota"
    assert len(stored_files()) == Artifact.objects.count() == 1


@pytest.mark.django_db
def test_a_quota_lowered_below_the_usage_leaves_nothing() -> None:
    organization = make_organization()
    upload_artifact(organization, "release-1")
    organization.storage_limit = 1
    organization.save()
    with pytest.raises(LimitReached):
        upload_artifact(organization, "release-2")
    assert not Release.objects.filter(name="release-2").exists()


def _upload(organization: Organization, name: str, start: Barrier) -> str:
    try:
        # Both have begun, and each saw room for itself.
        with make_incoming(organization, make_mender_file(name)) as incoming:
            start.wait()
            add_artifact(actor=make_actor(organization), incoming=incoming)
    except LimitReached as limit:
        return limit.code
    else:
        return "added"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_take_the_last_room() -> None:
    organization = make_organization(storage_limit=2 * SIZE - 1)
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(_upload, organization, f"release-{n}", start) for n in range(4)]
    assert sorted(run.result() for run in runs) == ["added", *["storage_quota"] * 3]
    assert len(stored_files()) == Artifact.objects.count() == Release.objects.count() == 1
