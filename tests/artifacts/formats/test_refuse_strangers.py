"""Files that are something else, or of a version nobody reads any more."""

import json

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, refused, tar


@pytest.mark.parametrize(
    "data",
    [
        b"this is not an artifact\n",
        b"PK\x03\x04" + bytes(2000),
        bytes(10240),
        tar([("readme.txt", b"hello")]),
        tar([]),
        tar([("manifest", b""), ("version", b"{}")]),
    ],
    ids=["text", "zip", "zeros", "other tar", "empty tar", "version second"],
)
def test_it_knows_a_stranger(data: bytes) -> None:
    assert refused(data).code == Code.NOT_AN_ARTIFACT


def test_an_empty_file_is_a_truncated_one() -> None:
    assert refused(b"").code == Code.TRUNCATED


def test_another_format_is_not_an_artifact() -> None:
    data = Draft(version={"format": "swu", "version": 3}).build()
    assert refused(data).code == Code.NOT_AN_ARTIFACT


@pytest.mark.parametrize("version", [-1, 0, 1, 4, 10**30])
def test_other_versions_are_not_supported(version: int) -> None:
    # the number beyond 64 bits is no whole number any more
    code = Code.BAD_HEADER if version > 4 else Code.UNSUPPORTED_VERSION
    assert refused(Draft(version={"format": "mender", "version": version}).build()).code == code


@pytest.mark.parametrize(
    "version",
    [
        b"",
        b"3",
        b"[]",
        b"{",
        b"\xff",
        {"format": "mender"},
        {"version": 3},
        {"format": "mender", "version": "3"},
        {"format": "mender", "version": True},
        {"format": "mender", "version": 3.0},
        {"format": "mender", "version": 3, "more": 1},
    ],
    ids=lambda version: (
        version.decode("latin-1") if isinstance(version, bytes) else json.dumps(version)
    ),
)
def test_version_is_a_document_of_two_keys(version: object) -> None:
    assert refused(Draft(version=version).build()).code == Code.BAD_HEADER
