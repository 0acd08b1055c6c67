"""An uploaded file becomes an artifact of the release that it names."""

import hashlib
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from artifacts.compatibility import choose
from artifacts.models import Release
from artifacts.operations import add_artifact
from artifacts.storage import path_of
from artifacts.sweeping import sweep_abandoned
from auditlog.models import Action, AuditEntry
from fleet.errors import Conflict, Invalid
from tests.artifacts.stored import stored_files
from tests.make import (
    make_actor,
    make_incoming,
    make_mender_file,
    make_organization,
    upload_artifact,
)

pytestmark = pytest.mark.django_db


def test_it_keeps_the_file_as_it_came() -> None:
    content = make_mender_file("release-1", payload=b"x" * 300_000, compression="none")
    organization = make_organization()
    incoming = make_incoming(organization, content)
    artifact = add_artifact(actor=make_actor(organization), incoming=incoming)
    assert path_of(artifact.file).read_bytes() == content
    assert artifact.sha256 == hashlib.sha256(content).hexdigest()
    assert artifact.size == len(content)
    assert artifact.file.startswith(f"{organization.pk}/")


def test_it_keeps_what_the_file_says_of_itself() -> None:
    artifact = upload_artifact(
        name="release-1",
        device_types=["arm1", "arm2"],
        depends={"bootloader": ["1", "2"]},
        payload=b"echo",
        metadata={"key": "value"},
    )
    artifact.refresh_from_db()
    assert artifact.release.name == "release-1"
    assert artifact.device_types == ["arm1", "arm2"]
    assert artifact.depends == {"device_type": ["arm1", "arm2"], "bootloader": ["1", "2"]}
    assert artifact.provides["artifact_name"] == "release-1"
    assert artifact.clears == ["rootfs-image.script.*"]
    assert (artifact.format, artifact.format_version, artifact.signature) == ("mender", 3, "")
    (payload,) = artifact.payloads
    assert payload["type"] == "script"
    assert payload["metadata"] == {"key": "value"}
    assert payload["files"][0]["sha256"] == hashlib.sha256(b"echo").hexdigest()


def test_it_fits_every_combination_of_type_and_depended_on_value() -> None:
    artifact = upload_artifact(device_types=["a", "b"], depends={"k": ["1", "2"], "l": ["3"]})
    assert artifact.fits.count() == 4


def test_a_second_artifact_of_the_name_joins_the_release() -> None:
    organization = make_organization()
    first = upload_artifact(organization, "release-1", device_types=["a"])
    second = upload_artifact(organization, "release-1", device_types=["b"])
    assert first.release == second.release
    assert choose(first.release_id, {"device_type": "b"}) == second


def test_releases_of_one_name_in_two_organizations_are_two() -> None:
    assert upload_artifact(name="same").release != upload_artifact(name="same").release
    assert Release.objects.filter(name="same").count() == 2


def test_it_is_in_the_audit_log() -> None:
    organization = make_organization()
    incoming = make_incoming(organization, make_mender_file("release-1"))
    artifact = add_artifact(actor=make_actor(organization, name="ann"), incoming=incoming)
    entry = AuditEntry.objects.of(organization.pk).get(action=Action.UPLOAD)
    assert (entry.actor_name, entry.object_id) == ("ann", str(artifact.id))
    assert entry.object_name == "release-1"


def test_the_id_may_be_chosen_but_not_twice() -> None:
    first = upload_artifact(name="one")
    organization = make_organization()
    incoming = make_incoming(organization, make_mender_file("two"))
    with pytest.raises(Conflict) as refusal:
        add_artifact(actor=make_actor(organization), incoming=incoming, artifact_id=first.id)
    assert refusal.value.code == "artifact_exists"
    assert len(stored_files()) == 1
    assert not Release.objects.filter(name="two").exists()


def test_a_description_has_its_limit() -> None:
    organization = make_organization()
    incoming = make_incoming(organization, make_mender_file())
    with pytest.raises(Invalid) as refusal:
        add_artifact(actor=make_actor(organization), incoming=incoming, description="x" * 4097)
    assert (refusal.value.code, refusal.value.field) == ("too_long", "description")
    assert stored_files() == []


def test_a_connection_lost_in_the_commit_leaves_the_file_to_the_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organization = make_organization()
    incoming = make_incoming(organization, make_mender_file())
    lost = Mock(side_effect=OperationalError("server closed the connection unexpectedly"))
    monkeypatch.setattr("artifacts.operations.claim_fits", lost)
    with pytest.raises(OperationalError):
        add_artifact(actor=make_actor(organization), incoming=incoming)
    assert len(stored_files()) == 1
    assert sweep_abandoned() == 1
    assert stored_files() == []
