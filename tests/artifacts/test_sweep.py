"""Files that a dead writer left go; what is still being written or has a row stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import storages

from artifacts.models import Artifact
from artifacts.storage import path_of
from artifacts.sweeping import sweep_abandoned
from tests.artifacts.stored import stored_files
from tests.make import make_artifact, make_incoming, make_organization, upload_artifact

# Another process that writes as `Incoming` does, without the suite's database.
WRITER = """
import sys, time, types
import django
from django.conf import settings
django.setup()
settings.STORAGES["artifacts"]["OPTIONS"]["location"] = sys.argv[1]
from artifacts import storage
storage.storage_left = lambda organization: None
incoming = storage.Incoming(types.SimpleNamespace(pk=sys.argv[2]))
incoming.write(b"half of it")
incoming.open().close()
print("written", flush=True)
time.sleep(60)
"""


@contextmanager
def writing_process() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, storages["artifacts"].path("."), str(uuid4())],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=Path(__file__).resolve().parents[2],
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        yield process
        process.kill()


@pytest.mark.django_db
def test_a_living_writer_of_another_process_keeps_its_file_a_killed_one_does_not() -> None:
    with writing_process() as writer:
        assert sweep_abandoned() == 0
        assert len(stored_files()) == 1
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        assert sweep_abandoned() == 1
    assert stored_files() == []


@pytest.mark.django_db
def test_a_file_being_written_in_this_process_stays() -> None:
    with make_incoming(make_organization(), b"half of it"):
        assert sweep_abandoned() == 0
        assert len(stored_files()) == 1
    assert stored_files() == []


@pytest.mark.django_db
def test_a_file_with_a_row_stays() -> None:
    artifact = upload_artifact()
    assert sweep_abandoned() == 0
    assert path_of(artifact.file).exists()


@pytest.mark.django_db
def test_a_file_whose_row_went_without_it_goes() -> None:
    artifact = upload_artifact()
    Artifact.objects.filter(pk=artifact.pk).delete()
    assert sweep_abandoned() == 1
    assert stored_files() == []


@pytest.mark.django_db
def test_many_are_swept_in_batches() -> None:
    kept = make_artifact(file="folder/kept.mender")
    for name in [kept.file, *(f"folder/{number}.mender" for number in range(1100))]:
        path_of(name).parent.mkdir(parents=True, exist_ok=True)
        path_of(name).touch()
    assert sweep_abandoned() == 1100
    assert stored_files() == [path_of(kept.file)]


@pytest.mark.django_db
def test_there_may_be_no_storage_yet() -> None:
    assert sweep_abandoned() == 0
