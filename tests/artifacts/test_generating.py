"""A raw file becomes an artifact: in the background, once, as whoever asked; or nothing stays."""

from typing import Any

import pytest

from artifacts import generating, recipes
from artifacts.models import Artifact, PendingUpload, Release
from artifacts.quotas import storage_usage
from artifacts.storage import path_of
from artifacts.sweeping import sweep_abandoned, sweep_pending
from auditlog.models import AuditEntry
from fleet.models import Organization, Role
from jobs.models import Job
from jobs.running import run, run_due
from tests.artifacts.recipes import ask
from tests.artifacts.stored import stored_files
from tests.make import make_actor, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home() -> Organization:
    return make_organization()


def test_the_job_makes_the_artifact_with_the_announced_id(home: Organization) -> None:
    wanted = ask(home, description="Monday", software_name="panel", software_version="7")
    assert not Artifact.objects.exists()
    assert run_due() == 1
    artifact = Artifact.objects.get()
    assert (artifact.id, artifact.release.name) == (wanted.id, "panel-1")
    assert (artifact.description, artifact.device_types) == ("Monday", ["board", "rspi"])
    assert artifact.provides["rootfs-image.panel.version"] == "7"
    assert artifact.clears == ["rootfs-image.panel.*"]
    names = [file["name"] for file in artifact.payloads[0]["files"]]
    assert names == ["dest_dir", "filename", "permissions", "panel.conf"]
    assert stored_files() == [path_of(artifact.file)]
    assert not PendingUpload.objects.exists()
    assert storage_usage(home) == artifact.size == path_of(artifact.file).stat().st_size


def test_it_was_the_person_who_asked(home: Organization) -> None:
    actor = make_actor(home, Role.CI, name="ci@example.com", via="Mender API", token="nightly")
    ask(home, actor=actor)
    run_due()
    entry = AuditEntry.objects.get(action="upload")
    assert (entry.actor_kind, entry.actor_id) == ("user", actor.id)
    assert (entry.actor_name, entry.via, entry.token) == ("ci@example.com", "Mender API", "nightly")


def test_running_it_again_changes_nothing(home: Organization) -> None:
    ask(home)
    run_due()
    Job.objects.update(state="queued", finished_at=None)
    run_due()
    job = Job.objects.get()
    assert (job.state, job.result) == (
        "done",
        {"artifact": str(Artifact.objects.get().id), "release": str(Release.objects.get().id)},
    )


def test_a_worker_that_dies_half_way_loses_nothing(
    home: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no handler of errors sees."""

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    ask(home)
    with monkeypatch.context() as patch:
        patch.setattr(generating, "add_artifact", dies)
        with pytest.raises(Killed):
            run_due()
    assert sweep_abandoned() == sweep_pending() == 0
    Job.objects.update(state="queued", lease_until=None)
    run_due()
    assert Artifact.objects.count() == len(stored_files()) == 1


def test_a_disk_that_is_full_for_a_while_is_waited_for(
    home: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OSError("No space left on device")

    wanted = ask(home)
    job_id = Job.objects.get().id
    with monkeypatch.context() as patch:
        patch.setattr(recipes, "write_module_artifact", fails)
        run(job_id)
    assert sweep_pending() == 0
    assert [path_of(wanted.file)] == stored_files()
    Job.objects.update(due_at="2020-01-01T00:00:00Z")
    run(job_id)
    assert Artifact.objects.get().id == wanted.id


def test_what_failed_for_another_reason_is_swept(home: Organization) -> None:
    ask(home)
    Job.objects.update(state="failed", finished_at="2020-01-01T00:00:00Z")
    assert sweep_pending() == 1
    assert stored_files() == []
