"""Releases that people put together of modules, beside those that artifacts make."""

from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from artifacts.chunks import chunks_of
from artifacts.default_types import make_default_types, types_of_format
from artifacts.digests import digests_of, fill_in_missing
from artifacts.metadata import Entry, add_entries
from artifacts.models import Artifact, ModuleType, Release, ReleaseType, SoftwareModule
from artifacts.module_reach import modules_within, require_for_module
from artifacts.modules import ModuleChange, ModuleFacts, change_module, create_module
from artifacts.operations import delete_artifact, delete_release, delete_releases
from artifacts.parts import assign_modules
from artifacts.quotas import storage_usage
from artifacts.retiring import delete_set, invalidate
from artifacts.sets import SetChange, SetFacts, change_set, create_set
from artifacts.signals import Cancelation
from artifacts.storage import path_of
from artifacts.sweeping import sweep_abandoned
from artifacts.tags import set_tags
from auditlog.actor import Actor, ActorKind
from auditlog.models import AuditEntry
from deployments.models import Deployment
from fleet.errors import Conflict, Forbidden
from fleet.models import Organization, Role
from tests.make import (
    make_actor,
    make_deployment,
    make_device,
    make_distribution_set,
    make_module_file,
    make_organization,
    upload_artifact,
)

pytestmark = pytest.mark.django_db(transaction=True)
VIEW, CHANGE = "artifacts.view_release", "artifacts.change_release"


@pytest.fixture
def home() -> Organization:
    return make_organization()


def bounded(home: Organization, tag: str) -> Actor:
    permissions = (VIEW, CHANGE, "artifacts.add_artifact")
    scoped = {permission: frozenset({tag}) for permission in permissions}
    return Actor(ActorKind.USER, str(uuid4()), "ann@example.com", home.pk, scoped=scoped)


def test_types_that_are_missing_are_made_again(home: Organization) -> None:
    ReleaseType.objects.filter(organization=home, key="mender").delete()
    _, release_type = types_of_format(home.pk, "mender")
    assert [each.key for each in release_type.mandatory.all()] == ["mender"]
    make_default_types(home.pk, ModuleType.objects.all(), ReleaseType.objects.all())
    assert ReleaseType.objects.filter(organization=home).count() == 4


def test_what_was_there_before_gets_types_and_modules() -> None:
    [home] = Organization.objects.bulk_create([Organization(key="OLD", name="Old")])
    release = Release.objects.create(organization=home, name="r", title="r", version="r")
    artifacts = [
        Artifact.objects.create(
            organization=home,
            release=release,
            file=f"{home.pk}/{number}",
            size=1,
            sha256="0" * 64,
            format="mender",
            format_version=3,
        )
        for number in range(3)
    ]
    migration = import_module("artifacts.migrations.0006_default_types")
    migration.fill(apps, SimpleNamespace(connection=connection))
    release.refresh_from_db()
    assert release.type is not None
    assert release.type.key == "mender"
    modules = list(release.modules.all())
    assert [module.artifact for module in modules] == artifacts
    assert {(module.name, module.version) for module in modules} == {("r", "r")}


def test_who_may_not_makes_no_set(home: Organization) -> None:
    viewer = make_actor(home, Role.VIEWER)
    release = make_distribution_set(home)
    module = release.modules.get()
    facts = ModuleFacts(name="n", version="1", type="os")
    for act in (
        lambda: create_set(actor=viewer, organization=home, facts=SetFacts(title="t", version="1")),
        lambda: change_set(actor=viewer, release=release, change=SetChange(version="2")),
        lambda: assign_modules(actor=viewer, release=release, modules=[]),
        lambda: delete_set(actor=viewer, release=release),
        lambda: invalidate(
            actor=viewer, release=release, cancelation=Cancelation.NONE, cancels_rollouts=False
        ),
        lambda: create_module(actor=viewer, organization=home, facts=facts),
        lambda: change_module(actor=viewer, module=module, change=ModuleChange(vendor="v")),
        lambda: add_entries(actor=viewer, owner=release, entries=[Entry("k", "v")]),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not AuditEntry.objects.exists()


def test_within_bounds_are_the_modules_of_the_releases_there(home: Organization) -> None:
    inside, outside = make_distribution_set(home, "in"), make_distribution_set(home, "out")
    set_tags(actor=make_actor(home), release=inside, tags=["beta"])
    ann, module = bounded(home, "beta"), inside.modules.get()
    assert list(modules_within(ann, VIEW, home)) == [module]
    change_module(actor=ann, module=module, change=ModuleChange(vendor="v"))
    with pytest.raises(Forbidden):
        require_for_module(ann, CHANGE, outside.modules.get())
    # What others have as well is not theirs to change.
    outside.modules.add(module)
    with pytest.raises(Forbidden):
        require_for_module(ann, CHANGE, module)
    with pytest.raises(Forbidden):
        create_set(actor=ann, organization=home, facts=SetFacts(title="t", version="1"))


def test_devices_are_told_of_all_parts_in_two_queries(
    home: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    release = make_distribution_set(home, files={"a.bin": b"a", "b.bin": b"bb"})
    module = release.modules.get()
    entries = [Entry("shown", "1", is_visible=True), Entry("hidden", "2")]
    add_entries(actor=make_actor(home), owner=module, entries=entries)
    with django_assert_num_queries(2):
        [chunk] = chunks_of(release)
    assert (chunk.number, chunk.type, chunk.name, chunk.version) == (
        module.pk,
        "os",
        "fw-os",
        "1.0",
    )
    assert [(file.filename, file.size) for file in chunk.files] == [("a.bin", 1), ("b.bin", 2)]
    assert chunk.metadata == (("shown", "1"),)
    assert chunk.device_types == ()


def test_an_artifact_is_one_part_with_its_file(home: Organization) -> None:
    artifact = upload_artifact(home, "r")
    [chunk] = chunks_of(artifact.release)
    [file] = chunk.files
    assert (file.filename, file.file, file.sha256) == ("r.mender", artifact.file, artifact.sha256)
    assert chunk.device_types == ("board",)


def test_digests_are_computed_once_also_of_what_came_before(home: Organization) -> None:
    artifact = upload_artifact(home)
    known = (artifact.sha1, artifact.md5)
    assert [len(each) for each in known] == [40, 32]
    Artifact.objects.update(sha1="", md5="")
    artifact.refresh_from_db()
    assert digests_of(artifact) == known
    assert Artifact.objects.get().sha1 == known[0]
    Artifact.objects.update(sha1="", md5="")
    assert fill_in_missing() == 1
    assert fill_in_missing() == 0


def test_a_file_that_is_gone_is_asked_for_once_a_round(home: Organization) -> None:
    artifact = upload_artifact(home)
    path_of(artifact.file).unlink()
    Artifact.objects.update(sha1="", md5="")
    artifact.refresh_from_db()
    assert digests_of(artifact) == ("", "")


def test_a_set_is_deployed_by_its_name(home: Organization) -> None:
    make_device(home)
    release = make_distribution_set(home)
    assert make_deployment(home, release=release).release == release


def test_what_is_incomplete_or_invalidated_is_not_deployed(home: Organization) -> None:
    make_device(home)
    incomplete = create_set(
        actor=make_actor(home), organization=home, facts=SetFacts(title="t", version="1")
    )
    invalid = make_distribution_set(home)
    invalidate(
        actor=make_actor(home),
        release=invalid,
        cancelation=Cancelation.NONE,
        cancels_rollouts=False,
    )
    for release in (incomplete, invalid):
        with pytest.raises(Conflict) as refusal:
            make_deployment(home, release=release)
        assert refusal.value.code == "no_artifact"


def test_a_mender_artifact_may_join_a_set_and_leave_it(home: Organization) -> None:
    release = make_distribution_set(home)
    artifact = upload_artifact(home, release.name)
    assert artifact.release == release
    assert release.modules.count() == 2
    delete_artifact(actor=make_actor(home), artifact=artifact)
    assert release.modules.get().artifact is None


def test_a_release_of_artifacts_alone_goes_with_the_last(home: Organization) -> None:
    artifact = upload_artifact(home)
    delete_artifact(actor=make_actor(home), artifact=artifact)
    assert not Release.objects.exists()
    assert not SoftwareModule.objects.exists()


def test_names_that_differ_only_between_dialects_do_not_meet(home: Organization) -> None:
    create_set(actor=make_actor(home), organization=home, facts=SetFacts(title="x", version="x"))
    artifact = upload_artifact(home, "x")
    assert artifact.release.name == "x"
    assert Release.objects.count() == 2
    upload_artifact(home, "y")
    with pytest.raises(Conflict) as refusal:
        create_set(
            actor=make_actor(home), organization=home, facts=SetFacts(title="y", version="y")
        )
    assert refusal.value.code == "release_exists"


def test_an_artifact_that_another_release_has_stays(home: Organization) -> None:
    artifact = upload_artifact(home)
    other = make_distribution_set(home)
    other.modules.add(artifact.module)
    with pytest.raises(Conflict) as refusal:
        delete_artifact(actor=make_actor(home), artifact=artifact)
    assert refusal.value.code == "artifact_in_use"
    assert path_of(artifact.file).exists()


def test_mender_does_not_delete_a_set_that_is_being_deployed(home: Organization) -> None:
    make_device(home)
    release = make_distribution_set(home)
    deployment = make_deployment(home, release=release)
    with pytest.raises(Conflict) as refusal:
        delete_releases(actor=make_actor(home), releases=[release])
    assert refusal.value.details == {"active_deployments": [str(deployment.id)]}
    Deployment.objects.update(finished_at=deployment.created_at)
    delete_release(actor=make_actor(home), release=release)
    release.refresh_from_db()
    assert release.deleted_at is not None


def test_the_files_of_a_module_count_and_stay(home: Organization) -> None:
    module = make_distribution_set(home).modules.get()
    kept = make_module_file(module, "a", b"content")
    assert sweep_abandoned() == 0
    assert path_of(kept.file).exists()
    assert storage_usage(home) == len(b"content")
