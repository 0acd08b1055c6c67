"""Version 2: the layout of version 3 with a shorter header-info and a list of files."""

from typing import Any

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, read, refused, tar, text

VERSION = {"format": "mender", "version": 2}
HEADER = {"updates": [{"type": "app"}], "device_types_compatible": ["pi"], "artifact_name": "two"}


def draft(files: list[str] | None = None, **changes: Any) -> Draft:
    listed = [("headers/0000/files", text({"files": files}))] if files is not None else []
    return Draft(version=VERSION, more_header=listed, **({"header_info": HEADER} | changes))


@pytest.mark.parametrize("files", [None, ["a.txt"]])
def test_it_is_read_like_version_3(files: list[str] | None) -> None:
    contents = read(draft(files).build())
    assert (contents.version, contents.name, contents.device_types) == (2, "two", ("pi",))
    assert contents.provides == {"artifact_name": "two"}
    assert contents.depends == {"device_type": ["pi"]}
    assert [file.name for file in contents.payloads[0].files] == ["a.txt"]


def test_its_file_list_must_be_true() -> None:
    assert refused(draft(["b.txt"]).build()).code == Code.BAD_HEADER


def test_version_3_has_no_file_list() -> None:
    listed = [("headers/0000/files", text({"files": ["a.txt"]}))]
    assert refused(Draft(more_header=listed).build()).code == Code.UNEXPECTED_MEMBER


def test_its_type_info_holds_the_type_only() -> None:
    type_info = {"type": "app", "artifact_provides": {"a": "b"}}
    assert refused(draft(type_info=type_info).build()).code == Code.BAD_HEADER


@pytest.mark.parametrize("key", list(HEADER))
def test_every_key_of_its_header_is_required(key: str) -> None:
    short = {name: value for name, value in HEADER.items() if name != key}
    assert refused(draft(header_info=short).build()).code == Code.BAD_HEADER


def test_it_knows_no_bootstrap() -> None:
    header = HEADER | {"updates": [{"type": None}]}
    assert refused(draft(header_info=header, type_info={}).build()).code == Code.BAD_HEADER


def test_it_knows_no_augmented_manifest() -> None:
    outer = draft().outer()
    outer.insert(2, ("manifest-augment", b""))
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER
