"""An unsigned augmented header may add to a payload, within bounds."""

from typing import Any

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, Members, info, read, refused, sha256, tar, text


def augmented(
    *,
    type_: str | None = "plus",
    added: Any = None,
    metadata: Any = b"",
    sums: dict[str, str] | None = None,
    **changes: Any,
) -> Members:
    """The outer members of a draft with `extra.txt` and an augmented header."""
    documents = [("headers/0000/type-info", text(added or {"type": type_ or ""}))]
    documents.append(("headers/0000/meta-data", text(metadata)))
    types = text(info(payloads=[{"type": type_}]))
    header = tar([("header-info", types), *documents])
    listed = {"data/0000/extra.txt": sha256(b"more"), "header-augment.tar": sha256(header)}
    lines = "".join(f"{digest}  {name}\n" for name, digest in (listed | (sums or {})).items())
    version, manifest, signed, data = Draft(metadata={"a": {"b": 1}, "c": [1]}, **changes).outer()
    data = ("data/0000.tar", tar([("a.txt", b"hello"), ("extra.txt", b"more")]))
    extra = ("manifest-augment", lines.encode())
    return [version, manifest, extra, signed, ("header-augment.tar", header), data]


def test_it_adds_files_keys_and_metadata_and_replaces_the_type() -> None:
    contents = read(
        tar(
            augmented(
                added={
                    "type": "plus",
                    "artifact_provides": {"x": "1"},
                    "artifact_depends": {"y": "2"},
                    "clears_artifact_provides": ["x"],
                },
                metadata={"a": {"d": 2}, "c": [2]},
            )
        )
    )
    payload = contents.payloads[0]
    assert payload.type == "plus"
    assert [file.name for file in payload.files] == ["a.txt", "extra.txt"]
    assert payload.metadata == {"a": {"b": 1, "d": 2}, "c": [2]}
    assert (contents.provides["x"], contents.depends["y"], contents.clears) == ("1", ["2"], ("x",))


@pytest.mark.parametrize("type_", ["", None])
def test_it_may_leave_the_type(type_: str | None) -> None:
    assert read(tar(augmented(type_=type_))).payloads[0].type == "app"


@pytest.mark.parametrize("metadata", [{"a": 1}, {"a": [1]}, {"c": {"d": 1}}])
def test_it_may_not_change_the_shape_of_metadata(metadata: Any) -> None:
    assert refused(tar(augmented(metadata=metadata))).code == Code.BAD_HEADER


@pytest.mark.parametrize("name", ["version", "header.tar", "data/0000/a.txt", "other"])
def test_its_manifest_may_not_speak_for_signed_members(name: str) -> None:
    error = refused(tar(augmented(sums={name: sha256(b"")})))
    assert (error.code, name in str(error)) == (Code.BAD_MANIFEST, True)


def test_its_own_checksums_hold() -> None:
    outer = augmented(sums={"data/0000/extra.txt": sha256(b"less")})
    assert refused(tar(outer)).code == Code.CHECKSUM_MISMATCH


def test_its_header_and_manifest_come_together() -> None:
    outer = augmented()
    del outer[4]
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER


def test_a_bootstrap_payload_cannot_be_augmented() -> None:
    bootstrap = info(payloads=[{"type": None}])
    error = refused(tar(augmented(header_info=bootstrap, type_info={"type": None})))
    assert (error.code, "bootstrap" in str(error)) == (Code.BAD_HEADER, True)
