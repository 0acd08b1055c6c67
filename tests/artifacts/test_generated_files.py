"""The real mender-artifact accepts what we wrap, whatever its size; memory stays flat."""

import os
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from artifacts.models import Artifact
from artifacts.storage import path_of
from jobs.running import run_due
from tests.artifacts.formats import mender_artifact as tool
from tests.artifacts.recipes import ask
from tests.make import make_organization

pytestmark = [pytest.mark.client, tool.requires_tool, pytest.mark.django_db(transaction=True)]
MIB = 1024 * 1024
SIZE = int(os.environ.get("SLIPWAY_TEST_MIB", "64")) * MIB


@pytest.mark.parametrize("content", [b"", b"1", b"brightness=7\n"])
def test_the_tool_reads_what_we_wrap(content: bytes, tmp_path: Path) -> None:
    ask(
        make_organization(),
        content=content,
        software_filesystem="data",
        software_name="panel",
        software_version="7",
    )
    run_due()
    file = path_of(Artifact.objects.get().file)
    tool.validate(file)
    said = tool.run(str(tool.TOOL), "read", "--no-progress", file)
    for fact in ("Name: panel-1", "[board rspi]", "single-file", "data.panel.version: 7"):
        assert fact in said
    assert 'Clears Provides: ["data.panel.*"]' in said
    unpacked = unpack(file, tmp_path)
    assert {name: text for name, text in unpacked.items() if name != "panel.conf"} == {
        "dest_dir": b"/etc\n",
        "filename": b"panel.conf\n",
        "permissions": b"644\n",
    }
    assert unpacked["panel.conf"] == content


def test_a_large_one_takes_no_more_memory() -> None:
    ask(make_organization(), content=os.urandom(SIZE))
    tracemalloc.start()
    run_due()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{SIZE // MIB} MiB, memory grew by {peak / MIB:.1f} MiB")
    assert peak < 16 * MIB
    tool.validate(path_of(Artifact.objects.get().file))


def unpack(file: Path, folder: Path) -> dict[str, bytes]:
    for archive in (file, folder / "data/0000.tar.gz"):
        subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)
    names = ("dest_dir", "filename", "permissions", "panel.conf")
    return {name: (folder / name).read_bytes() for name in names}
