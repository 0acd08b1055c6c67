"""The real mender-artifact accepts what our writer makes."""

import io
from pathlib import Path
from typing import Literal

import pytest

from artifacts.formats.mender_writer import write_module_artifact
from tests.artifacts.formats import mender_artifact as tool

pytestmark = [pytest.mark.client, tool.requires_tool]


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_the_tool_accepts_what_we_write(
    tmp_path: Path, compression: Literal["none", "gzip"]
) -> None:
    out, source = tmp_path / "ours.mender", tmp_path / "source"
    source.write_bytes(b"hello")
    with out.open("w+b") as target:
        write_module_artifact(
            target,
            name="ours",
            device_types=["pi", "bone"],
            payload_type="single-file",
            files=[("a.txt", source), ("n" * 150, io.BytesIO(b"long"))],
            metadata={"deep": [{"a": None}]},
            depends={"base": ["1", "2"]},
            compression=compression,
        )
    tool.validate(out)
    said = tool.run(str(tool.TOOL), "read", "--no-progress", out)
    for fact in (
        "Name: ours",
        "'[pi bone]'",
        "base: [1 2]",
        "rootfs-image.single-file.version: ours",
    ):
        assert fact in said


def test_the_tool_accepts_an_artifact_without_files(tmp_path: Path) -> None:
    out = tmp_path / "ours.mender"
    with out.open("w+b") as target:
        write_module_artifact(
            target, name="ours", device_types=["pi"], payload_type="mender-configure", files=[]
        )
    tool.validate(out)
