"""Within a release no two artifacts fit the same; across releases they may."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from artifacts.models import Artifact, Fit, Release
from artifacts.operations import add_artifact, delete_artifact
from fleet.errors import Conflict, NotFound
from fleet.models import Organization
from tests.artifacts.stored import stored_files
from tests.make import (
    make_actor,
    make_incoming,
    make_mender_file,
    make_organization,
    upload_artifact,
)


@pytest.mark.django_db
def test_an_overlap_in_device_types_conflicts_and_is_named() -> None:
    organization = make_organization()
    upload_artifact(organization, device_types=["arm1", "arm2"], depends={"k": "1"})
    with pytest.raises(Conflict) as refusal:
        upload_artifact(organization, device_types=["arm2", "arm3"], depends={"k": "1"})
    assert refusal.value.code == "artifact_conflict"
    assert refusal.value.details == {"conflict": [{"device_type": "arm2", "k": "1"}]}
    assert len(stored_files()) == Artifact.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"device_types": ["arm4"], "depends": {"k": "1"}},
        {"device_types": ["arm2"], "depends": {"k": "2"}},
        {"device_types": ["arm2"]},
        {"device_types": ["arm2"], "depends": {"k": "1"}, "name": "release-2"},
    ],
)
def test_anything_else_is_no_conflict(other: dict[str, object]) -> None:
    organization = make_organization()
    upload_artifact(organization, device_types=["arm1", "arm2"], depends={"k": "1"})
    upload_artifact(organization, **other)  # type: ignore[arg-type]
    assert Artifact.objects.count() == 2


@pytest.mark.django_db
def test_another_organization_is_no_conflict() -> None:
    upload_artifact(make_organization())
    upload_artifact(make_organization())
    assert Artifact.objects.count() == 2


def _upload(organization: Organization, device_type: str, start: Barrier) -> str:
    try:
        content = make_mender_file("release-1", device_types=[device_type])
        with make_incoming(organization, content) as incoming:
            start.wait()
            add_artifact(actor=make_actor(organization), incoming=incoming)
    except Conflict as conflict:
        return conflict.code
    else:
        return "added"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_of_the_same_exactly_one_stays() -> None:
    organization = make_organization()
    start = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(_upload, organization, "board", start) for _ in range(8)]
    assert sorted(run.result() for run in runs) == ["added", *["artifact_conflict"] * 7]
    assert len(stored_files()) == Artifact.objects.count() == Fit.objects.count() == 1
    assert Release.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_uploads_at_once_for_different_devices_share_one_new_release() -> None:
    organization = make_organization()
    start = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(_upload, organization, f"board{n}", start) for n in range(8)]
    assert {run.result() for run in runs} == {"added"}
    assert Release.objects.get().artifacts.count() == 8


def _delete(artifact: Artifact, start: Barrier) -> str:
    try:
        start.wait()
        delete_artifact(actor=make_actor(artifact.organization), artifact=artifact)
    except NotFound as gone:
        return gone.code
    else:
        return "deleted"
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_uploading_while_the_last_artifact_is_deleted_ends_with_the_new_one() -> None:
    organization = make_organization()
    for _ in range(5):
        old = upload_artifact(organization, device_types=["old"])
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            deletion = pool.submit(_delete, old, start)
            addition = pool.submit(_upload, organization, "new", start)
        assert (deletion.result(), addition.result()) == ("deleted", "added")
        new = Artifact.objects.get()
        assert (new.device_types, new.release.name) == (["new"], "release-1")
        assert len(stored_files()) == 1
        delete_artifact(actor=make_actor(organization), artifact=new)


@pytest.mark.django_db(transaction=True)
def test_of_two_deletions_at_once_one_finds_nothing() -> None:
    artifact = upload_artifact()
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(_delete, artifact, start) for _ in range(2)]
    outcomes = sorted(run.result() for run in runs)
    assert outcomes[0] in {"artifact_not_found", "deleted"}
    assert outcomes[-1] in {"deleted", "release_not_found"}
    assert outcomes.count("deleted") == 1
    assert not Release.objects.exists()
    assert stored_files() == []
