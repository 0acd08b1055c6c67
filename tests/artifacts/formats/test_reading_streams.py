"""The reader takes any stream of bytes, and tars from any careful writer."""

import gzip
import io
import tarfile
from datetime import UTC, datetime

import pytest

from artifacts.formats.mender import read_mender
from tests.artifacts.formats.build import PACK, SUFFIXES, Draft, read, sha256, tar


class Dribble(io.RawIOBase):
    """A stream that cannot seek and hands out a few bytes at a time, as a socket may."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(min(size, 7))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_stream_need_not_seek_nor_fill_its_reads(suffix: str) -> None:
    data = Draft(suffix=suffix).build()
    assert read_mender(Dribble(data)) == read(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_compressed_streams_may_follow_each_other(suffix: str) -> None:
    outer = Draft(suffix=suffix).outer()
    plain = tar(Draft().files)
    outer[-1] = (outer[-1][0], PACK[suffix](plain[:700]) + PACK[suffix](plain[700:]))
    assert read(tar(outer)).payloads[0].files[0].size == 5


def test_members_may_be_compressed_each_in_their_own_way() -> None:
    outer = Draft(suffix=".xz").outer()
    outer[-1] = ("data/0000.tar.gz", gzip.compress(tar(Draft().files)))
    assert read(tar(outer)).name == "one"


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_of_pax_and_gnu_are_read(form: int) -> None:
    name = "n" * 200
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        member = tarfile.TarInfo(name)
        member.size, member.mtime = 3, 1_700_000_000
        archive.addfile(member, io.BytesIO(b"abc"))
    outer = Draft(files=[], sums={f"data/0000/{name}": sha256(b"abc")}).outer()
    outer[-1] = ("data/0000.tar", buffer.getvalue())
    file = read(tar(outer)).payloads[0].files[0]
    assert (file.name, file.modified) == (name, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))


def test_pax_times_keep_their_fraction() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("a.txt")
        member.size, member.mtime = 5, 1.5
        archive.addfile(member, io.BytesIO(b"hello"))
    outer = Draft().outer()
    outer[-1] = ("data/0000.tar", buffer.getvalue())
    assert read(tar(outer)).payloads[0].files[0].modified.microsecond == 500_000


def test_zeros_may_follow_the_end() -> None:
    assert read(Draft().build() + bytes(5000)).name == "one"
