"""The manifest speaks for every byte."""

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import SUFFIXES, Draft, read, refused, sha256, tar

WRONG = sha256(b"something else")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["version", "header.tar", "data/0000/a.txt"])
def test_a_wrong_checksum_is_refused(name: str, suffix: str) -> None:
    name += suffix if name == "header.tar" else ""
    error = refused(Draft(suffix=suffix, sums={name: WRONG}).build())
    assert (error.code, name in str(error)) == (Code.CHECKSUM_MISMATCH, True)


@pytest.mark.parametrize("name", ["version", "header.tar", "data/0000/a.txt"])
def test_an_unlisted_member_is_refused(name: str) -> None:
    error = refused(Draft(sums={name: None}).build())
    assert (error.code, name in str(error)) == (Code.UNEXPECTED_MEMBER, True)


@pytest.mark.parametrize("name", ["data/0000/b.txt", "data/0001/a.txt", "else", "header.tar.gz"])
def test_a_listed_member_may_not_be_missing(name: str) -> None:
    error = refused(Draft(sums={name: WRONG}).build())
    assert (error.code, name in str(error)) == (Code.MISSING_MEMBER, True)


def test_a_file_swapped_under_the_manifest_is_refused() -> None:
    outer = Draft().outer()
    outer[-1] = Draft(files=[("a.txt", b"HELLO")]).outer()[-1]
    assert refused(tar(outer)).code == Code.CHECKSUM_MISMATCH


@pytest.mark.parametrize(
    "manifest",
    [
        b"nonsense\n",
        b"\n",
        WRONG.upper().encode() + b"  version\n",
        WRONG.encode() + b" version\n",
        WRONG.encode() + b"  version",
        WRONG.encode() + b"  version\r\n",
        WRONG.encode() + b"   version\n",
        (WRONG.encode() + b"  version\n") * 2,
    ],
)
def test_a_manifest_has_one_form(manifest: bytes) -> None:
    outer = Draft().outer()
    outer[1] = ("manifest", manifest)
    assert refused(tar(outer)).code == Code.BAD_MANIFEST


def test_the_order_of_its_lines_is_free() -> None:
    outer = Draft().outer()
    lines = outer[1][1].splitlines(keepends=True)
    outer[1] = ("manifest", b"".join(reversed(lines)))
    assert read(tar(outer)).name == "one"


def test_a_signature_is_base64() -> None:
    outer = Draft().outer()
    outer.insert(2, ("manifest.sig", b"not base64!"))
    assert refused(tar(outer)).code == Code.BAD_MANIFEST
