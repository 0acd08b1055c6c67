"""Names that lead elsewhere, and members that are no plain files."""

import tarfile

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, refused, tar

KINDS = {
    "link": tarfile.LNKTYPE,
    "symlink": tarfile.SYMTYPE,
    "directory": tarfile.DIRTYPE,
    "device": tarfile.CHRTYPE,
    "pipe": tarfile.FIFOTYPE,
    "sparse": tarfile.GNUTYPE_SPARSE,
    "contiguous": tarfile.CONTTYPE,
    "unknown": b"Z",
}


def special(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    "name",
    [
        "../a",
        "/etc/passwd",
        "a/b",
        "a/../b",
        "..",
        ".",
        "a b",
        "a\\b",
        "a:b",
        "é",
        "n" * 256,
    ],
)
def test_a_payload_file_may_not_be_called(name: str) -> None:
    assert refused(Draft(files=[(name, b"x")]).build()).code == Code.UNSAFE_NAME


@pytest.mark.parametrize("name", ["/version2", "../version", "scripts/../x"])
def test_names_that_lead_elsewhere_are_unsafe_everywhere(name: str) -> None:
    assert refused(Draft(more_header=[(name, b"")]).build()).code == Code.UNSAFE_NAME
    assert refused(tar([*Draft().outer(), (name, b"")])).code == Code.UNSAFE_NAME


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_only_plain_files_are_accepted_in_every_tar(kind: bytes) -> None:
    inside = Draft(files=[("a.txt", b"hello"), special("b.txt", kind)])
    assert refused(inside.build()).code == Code.UNEXPECTED_MEMBER
    header = Draft(more_header=[special("headers/0000/meta-data2", kind)])
    assert refused(header.build()).code == Code.UNEXPECTED_MEMBER
    outer = tar([*Draft().outer(), special("more", kind)])
    assert refused(outer).code == Code.UNEXPECTED_MEMBER


def test_an_old_style_directory_is_no_file() -> None:
    draft = Draft(files=[("a.txt", b"hello"), special("dir/", tarfile.AREGTYPE)])
    assert refused(draft.build()).code == Code.UNEXPECTED_MEMBER


@pytest.mark.parametrize("key", ["GNU.sparse.major", "GNU.sparse.map"])
def test_pax_sparse_files_are_refused(key: str) -> None:
    member = tarfile.TarInfo("b.txt")
    member.pax_headers = {key: "1"}
    block = member.tobuf(tarfile.PAX_FORMAT)
    outer = Draft(files=[]).outer()
    outer[-1] = ("data/0000.tar", block + bytes(1024))
    error = refused(tar(outer))
    assert (error.code, "sparse" in str(error)) == (Code.UNEXPECTED_MEMBER, True)


def test_a_payload_file_comes_once() -> None:
    twice = Draft(files=[("a.txt", b"hello"), ("a.txt", b"hello")])
    assert refused(twice.build()).code == Code.UNEXPECTED_MEMBER


def test_messages_show_hostile_names_harmlessly() -> None:
    message = str(refused(Draft(files=[("\x1b[31m\u202e" + "x" * 200, b"")]).build()))
    assert message.isascii()
    assert message.isprintable()
    assert len(message) < 200
