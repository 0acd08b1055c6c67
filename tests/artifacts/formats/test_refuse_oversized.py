"""No single part of an artifact may be larger than it needs to be."""

import io
import tarfile
import tracemalloc

import pytest

from artifacts.formats.errors import Code
from artifacts.formats.limits import Limits
from artifacts.formats.mender import read_mender
from tests.artifacts.formats.build import Draft, info, read, refused, sha256, tar, text

MIB = 1024 * 1024


class Endless(io.RawIOBase):
    """A few bytes, then zeros without end."""

    def __init__(self, head: bytes) -> None:
        self._head = io.BytesIO(head)

    def read(self, size: int = -1) -> bytes:
        return self._head.read(size) or bytes(size)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_gigabyte_of_name_is_not_read(kind: bytes) -> None:
    huge = tarfile.TarInfo("././@LongLink")
    huge.type, huge.size = kind, 1024 * MIB
    stream = Endless(tar(Draft().outer()[:1])[:1024] + huge.tobuf())
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="extension header") as caught:
            read_mender(stream)  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < MIB
    finally:
        tracemalloc.stop()
    assert caught.value.code == Code.TOO_LARGE  # type: ignore[attr-defined]


def test_extension_headers_do_not_pile_up() -> None:
    name = tarfile.TarInfo("././@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 3
    pile = (name.tobuf() + b"abc".ljust(512, b"\0")) * 2
    assert refused(tar(Draft().outer()[:1])[:1024] + pile).code == Code.CORRUPT


@pytest.mark.parametrize("records", [b"9 path=a\n", b"8 path=a\n", b"path=a\n", b"10 size=x\n"])
def test_pax_records_must_add_up(records: bytes) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, len(records)
    member = header.tobuf() + records.ljust(512, b"\0") + tarfile.TarInfo("a.txt").tobuf()
    outer = Draft(files=[]).outer()
    outer[-1] = ("data/0000.tar", member + bytes(1024))
    code = Code.UNEXPECTED_MEMBER if records.startswith(b"9") else Code.CORRUPT
    assert refused(tar(outer)).code == code


@pytest.mark.parametrize("index", [0, 1, 2])
def test_small_members_must_be_small(index: int) -> None:
    outer = Draft().outer()
    outer.insert(2, ("manifest.sig", b"c2ln"))
    name = outer[index][0]
    outer[index] = (name, b" " * (2 * MIB + 1))
    error = refused(tar(outer))
    assert (error.code, f"'{name}'" in str(error)) == (Code.TOO_LARGE, True)


def test_documents_must_be_small_each_and_together() -> None:
    large = text({"a": "x" * MIB})
    assert refused(Draft(metadata=large).build()).code == Code.TOO_LARGE
    half = text({"a": "x" * 1000})
    assert refused(Draft(metadata=half).build(), Limits(json_total=1000)).code == Code.TOO_LARGE


def test_scripts_are_counted_and_measured() -> None:
    scripts = [(f"scripts/ArtifactInstall_Enter_{n:02}", b"x" * 1000) for n in range(20)]
    data = Draft(scripts=scripts).build()
    assert len(read(data).scripts) == 20
    assert refused(data, Limits(header_members=10)).code == Code.TOO_LARGE
    assert refused(data, Limits(header=10_000)).code == Code.TOO_LARGE


def test_payloads_and_their_files_are_counted() -> None:
    assert refused(Draft().build(), Limits(files=0)).code == Code.TOO_LARGE
    two = info(payloads=[{"type": "app"}, {"type": "app"}])
    assert refused(Draft(header_info=two).build(), Limits(payloads=1)).code == Code.BAD_HEADER


def test_a_file_may_announce_any_size_but_must_have_it() -> None:
    member = tarfile.TarInfo("a.txt")
    member.size = 2**60
    outer = Draft(files=[], sums={"data/0000/a.txt": sha256(b"")}).outer()
    outer[-1] = ("data/0000.tar", member.tobuf(tarfile.GNU_FORMAT))
    assert refused(tar(outer)).code == Code.TRUNCATED
