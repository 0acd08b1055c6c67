"""A file that stops early is refused wherever it stops."""

import gzip
import tarfile

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import PACK, SUFFIXES, Draft, read, refused, tar


def padded(size: int) -> int:
    return size + -size % 512


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_cut_before_the_end_marker_is_noticed(suffix: str) -> None:
    outer = Draft(suffix=suffix).outer()
    data = tar(outer)
    end = sum(512 + padded(len(body)) for _, body in outer) + 1024
    for cut in [*range(0, end, 97), end - 513, end - 512, end - 1]:
        assert refused(data[:cut]).code == Code.TRUNCATED, cut
    assert read(data[:end]).name == "one"


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
@pytest.mark.parametrize("index", [2, 3])
def test_a_short_compressed_archive_is_noticed(suffix: str, index: int) -> None:
    for cut in (0, 20, -5, -1):
        outer = Draft(suffix=suffix).outer()
        outer[index] = (outer[index][0], outer[index][1][:cut])
        assert refused(tar(outer)).code == Code.TRUNCATED, cut


@pytest.mark.parametrize("cut", range(0, 2048, 100))
def test_a_short_plain_archive_is_noticed(cut: int) -> None:
    outer = Draft().outer()
    outer[3] = (outer[3][0], outer[3][1][:cut])
    assert refused(tar(outer)).code == Code.TRUNCATED


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_damaged_compression_is_noticed(suffix: str) -> None:
    outer = Draft(suffix=suffix, files=[("a.txt", bytes(range(256)) * 40)]).outer()
    packed = bytearray(outer[-1][1])
    packed[len(packed) // 2] ^= 0xFF
    outer[-1] = (outer[-1][0], bytes(packed))
    assert refused(tar(outer)).code in (Code.CORRUPT, Code.CHECKSUM_MISMATCH, Code.TRUNCATED)


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_the_suffix_must_tell_the_truth(suffix: str) -> None:
    outer = Draft().outer()
    outer[-1] = (f"data/0000.tar{suffix}", outer[-1][1])
    assert refused(tar(outer)).code == Code.CORRUPT


def test_a_tar_header_must_be_whole() -> None:
    data = bytearray(Draft().build())
    data[512 * 2 + 3] ^= 1
    assert refused(bytes(data)).code == Code.CORRUPT


@pytest.mark.parametrize("tail", [b"x", bytes(2000) + b"x"])
def test_nothing_follows_the_end_of_the_artifact(tail: bytes) -> None:
    assert refused(Draft().build() + tail).code == Code.TRAILING_DATA


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_follows_the_end_of_an_inner_archive(suffix: str) -> None:
    outer = Draft(suffix=suffix).outer()
    outer[-1] = (outer[-1][0], PACK[suffix](tar(Draft().files) + b"x"))
    assert refused(tar(outer)).code == Code.TRAILING_DATA


def test_nothing_follows_a_compressed_stream() -> None:
    outer = Draft(suffix=".gz").outer()
    outer[-1] = (outer[-1][0], gzip.compress(tar(Draft().files)) + b"garbage")
    assert refused(tar(outer)).code == Code.CORRUPT


@pytest.mark.parametrize("field", [100, 108, 116, 124, 136, 329, 337])
def test_every_number_of_a_tar_header_must_be_one(field: int) -> None:
    block = bytearray(tarfile.TarInfo("a.txt").tobuf(tarfile.USTAR_FORMAT))
    block[field] = ord("9")
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * ord(" ") + sum(block[156:]))
    outer = Draft(files=[]).outer()
    outer[3] = (outer[3][0], bytes(block) + bytes(1024))
    assert refused(tar(outer)).code == Code.CORRUPT
