"""What unpacks to far too much is refused early, in little time and memory."""

import tarfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zstandard

from artifacts.formats.errors import Code
from artifacts.formats.limits import Limits
from tests.artifacts.formats.build import PACK, SUFFIXES, Draft, info, read, refused, tar, text

MIB = 1024 * 1024
GIB = 1024 * MIB


def zeros(suffix: str) -> bytes:
    """A GiB of zeros in 16 compressed streams that follow each other."""
    return PACK[suffix](bytes(16 * MIB)) * 64


def bomb(suffix: str, index: int) -> bytes:
    """An artifact whose header (2) has a long tail, or whose payload (3) has a long file."""
    outer = Draft(suffix=suffix).outer()
    name, packed = outer[index]
    huge = tarfile.TarInfo("a.txt")
    huge.size = GIB
    start = packed if index == 2 else PACK[suffix](huge.tobuf())
    outer[index] = (name, start + zeros(suffix))
    return tar(outer)


@contextmanager
def at_most(*, seconds: float, mib: int) -> Iterator[None]:
    tracemalloc.start()
    begun = time.process_time()
    try:
        yield
        spent, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spent < seconds
    assert peak < mib * MIB


@pytest.mark.parametrize("index", [2, 3], ids=["header", "payload"])
@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_a_gigabyte_of_zeros_is_a_bomb(suffix: str, index: int) -> None:
    data = bomb(suffix, index)
    assert len(data) < 2 * MIB
    with at_most(seconds=3, mib=40):
        assert refused(data).code == Code.BOMB


def test_the_floor_and_the_ratio_can_be_set() -> None:
    outer = Draft(suffix=".gz", files=[("a.txt", bytes(4 * MIB))]).outer()
    data = tar(outer)
    assert refused(data, Limits(bomb_floor=MIB)).code == Code.BOMB
    assert read(data, Limits(bomb_floor=MIB, bomb_ratio=2000)).name == "one"
    assert read(data).name == "one"


def test_a_huge_script_is_refused_by_its_announced_size() -> None:
    script = tarfile.TarInfo("scripts/ArtifactInstall_Enter_01")
    script.size = GIB
    outer = Draft().outer()
    outer[2] = (outer[2][0], tar([("header-info", text(info()))])[:1024] + script.tobuf())
    assert refused(tar(outer)).code == Code.TOO_LARGE


def test_a_wide_zstd_window_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=28, enable_ldm=False)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    outer = Draft(suffix=".zst").outer()
    outer[-1] = (outer[-1][0], packer.compress(b"x" * 1000) + packer.flush())
    assert refused(tar(outer)).code == Code.TOO_LARGE


def test_a_large_xz_dictionary_is_refused() -> None:
    outer = Draft(suffix=".xz").outer()
    limits = Limits(xz_memory=MIB)
    assert refused(tar(outer), limits).code == Code.TOO_LARGE


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_endless_empty_streams_are_refused(suffix: str) -> None:
    outer = Draft(suffix=suffix).outer()
    outer[-1] = (outer[-1][0], PACK[suffix](b"") * 5000)
    with at_most(seconds=3, mib=40):
        assert refused(tar(outer)).code == Code.TOO_LARGE
