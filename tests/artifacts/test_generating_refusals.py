"""Raw files that no artifact can be made of, or not now, are refused and not kept."""

from typing import Any

import pytest

from artifacts.generating import request_generation
from artifacts.models import Artifact, PendingUpload
from artifacts.quotas import storage_usage
from fleet.errors import Conflict, Forbidden, Invalid, LimitReached
from fleet.models import Organization, Role
from jobs.models import Job
from jobs.running import run_due
from tests.artifacts.recipes import RAW, ask, recipe
from tests.artifacts.stored import stored_files
from tests.make import make_actor, make_artifact, make_incoming, make_organization, make_release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home() -> Organization:
    return make_organization()


def test_one_that_conflicts_in_the_end_leaves_nothing_and_says_why(home: Organization) -> None:
    ask(home)
    make_artifact(make_release(home, name="panel-1"), device_types=["board"])
    run_due()
    job = Job.objects.get()
    assert job.state == "failed"
    assert job.error == "An artifact with the same name has conflicting dependencies"
    assert stored_files() == []
    assert not PendingUpload.objects.exists()


@pytest.mark.parametrize("types", [["rspi"], ["board", "kiosk"]])
def test_the_same_twice_is_refused_at_once(home: Organization, types: list[str]) -> None:
    ask(home)
    for _ in range(2):
        with pytest.raises(Conflict) as refusal:
            ask(home, device_types=types)
        assert refusal.value.code == "artifact_not_unique"
        run_due()
    ask(make_organization(), device_types=types)
    ask(home, device_types=["toaster"])
    run_due()
    assert Artifact.objects.count() == len(stored_files()) == 3


def test_pending_files_count_against_the_quota(home: Organization) -> None:
    home.storage_limit = 2 * len(RAW) - 1
    home.save()
    incoming = make_incoming(home, RAW)
    ask(home)
    assert storage_usage(home) == len(RAW)
    with pytest.raises(LimitReached):
        request_generation(actor=make_actor(home), incoming=incoming, recipe=recipe(name="other"))
    assert len(stored_files()) == 1


def test_its_own_raw_file_is_not_in_its_way(home: Organization) -> None:
    ask(home)
    home.storage_limit = 10 * 1024
    home.save()
    run_due()
    assert (Job.objects.get().error, Artifact.objects.count()) == ("", 1)


def test_an_artifact_over_the_quota_is_not_kept(home: Organization) -> None:
    ask(home)
    home.storage_limit = len(RAW)
    home.save()
    run_due()
    assert "no room left" in Job.objects.get().error
    assert stored_files() == []


def test_who_may_not_upload_may_not_wrap(home: Organization) -> None:
    with pytest.raises(Forbidden):
        ask(home, actor=make_actor(home, Role.OPERATOR))
    assert stored_files() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", ""), ("name", "x" * 257), ("name", "a\nb"), ("device_types", [])),
        *(("device_types", [""]), ("device_types", ["x" * 257]), ("device_types", ["a\0b"])),
        ("device_types", [str(number) for number in range(1001)]),
        *(("dest_dir", ""), ("dest_dir", "etc"), ("dest_dir", "/a\nb"), ("dest_dir", "/" * 5000)),
        *(("filename", ""), ("filename", ".."), ("filename", "a/b"), ("filename", "dest_dir")),
        *(("filename", "n" * 300), ("software_name", "a\tb"), ("software_version", "x" * 257)),
        *(("description", "x" * 4097), ("description", "\0")),
    ],
)
def test_what_no_artifact_can_say_is_refused(home: Organization, field: str, value: Any) -> None:
    with pytest.raises(Invalid):
        ask(home, **{field: value})
    assert stored_files() == []
    assert not Job.objects.exists()
