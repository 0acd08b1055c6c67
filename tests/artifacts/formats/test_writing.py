"""Module artifacts as the writer makes them."""

import io
import tarfile
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from artifacts.formats.errors import Code, FormatError
from artifacts.formats.mender import read_mender
from artifacts.formats.mender_writer import write_module_artifact
from tests.artifacts.formats.build import read

MIB = 1024 * 1024


def written(**changes: Any) -> bytes:
    target = io.BytesIO()
    facts = {"name": "one", "device_types": ["pi"], "payload_type": "app", "files": []} | changes
    write_module_artifact(target, **facts)
    return target.getvalue()


def test_provides_and_clears_default_to_those_of_mender_artifact() -> None:
    contents = read(written())
    assert contents.provides == {"artifact_name": "one", "rootfs-image.app.version": "one"}
    assert contents.clears == ("rootfs-image.app.*",)


def test_nothing_is_provided_or_cleared_when_so_asked() -> None:
    contents = read(written(provides={}, clears=[]))
    assert (contents.provides, contents.clears) == ({"artifact_name": "one"}, ())


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_the_same_arguments_give_the_same_bytes(compression: str) -> None:
    files = [("a", io.BytesIO(b"hello"))]
    first = written(files=files, metadata={"a": 1}, compression=compression)
    assert first == written(
        files=[("a", io.BytesIO(b"hello"))], metadata={"a": 1}, compression=compression
    )


def test_even_a_small_artifact_fills_whole_records() -> None:
    assert len(written()) == tarfile.RECORDSIZE


def test_it_starts_where_the_target_and_the_streams_stand() -> None:
    stream, target = io.BytesIO(b"skip hello"), io.BytesIO(b"head")
    stream.seek(5)
    target.seek(4)
    facts: Any = {"name": "one", "device_types": ["pi"], "payload_type": "app"}
    write_module_artifact(target, files=[("a", stream)], compression="none", **facts)
    assert target.getvalue()[:4] == b"head"
    assert read(target.getvalue()[4:]).payloads[0].files[0].size == 5


def test_times_are_those_given() -> None:
    then = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    contents = read(written(files=[("a", io.BytesIO(b""))], modified=then))
    assert contents.payloads[0].files[0].modified == then


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_memory_stays_flat_both_ways(tmp_path: Path, compression: Literal["none", "gzip"]) -> None:
    big, out = tmp_path / "big.bin", tmp_path / "big.mender"
    with big.open("wb") as stream:
        stream.truncate(40 * MIB)
    tracemalloc.start()
    try:
        with out.open("w+b") as target:
            facts: Any = {"name": "one", "device_types": ["pi"], "payload_type": "app"}
            write_module_artifact(target, files=[("big", big)], compression=compression, **facts)
            target.seek(0)
            assert read_mender(target).payloads[0].files[0].size == 40 * MIB
        assert tracemalloc.get_traced_memory()[1] < 3 * MIB
    finally:
        tracemalloc.stop()


def test_a_file_that_changes_meanwhile_is_an_error() -> None:
    class Growing(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            self.write(b"x")
            return super().seek(offset, whence)

    with pytest.raises(ValueError, match="changed"):
        written(files=[("a", Growing())])


def test_too_many_files_are_refused() -> None:
    with pytest.raises(FormatError) as caught:
        written(files=[(f"f{n}", io.BytesIO()) for n in range(4097)])
    assert caught.value.code == Code.TOO_LARGE
