"""The writer refuses what no reader would take, before it writes a byte."""

import io
from typing import Any

import pytest

from artifacts.formats.errors import Code, FormatError
from artifacts.formats.mender_writer import write_module_artifact


def refusal(**changes: Any) -> FormatError:
    target = io.BytesIO()
    facts = {"name": "one", "device_types": ["pi"], "payload_type": "app", "files": []} | changes
    with pytest.raises(FormatError) as caught:
        write_module_artifact(target, **facts)
    assert target.getvalue() == b""
    return caught.value


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "n" * 1025},
        {"device_types": []},
        {"device_types": [""]},
        {"payload_type": ""},
        {"provides": {"artifact_name": "two"}},
        {"provides": {"": "1"}},
        {"depends": {"device_type": "pi"}},
        {"depends": {"a": 1}},
        {"clears": [""]},
        {"metadata": {"a": float("nan")}},
        {"metadata": {"a": {1}}},
        {"metadata": {"a": "\0"}},
        {"metadata": {"a": "\ud800"}},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_a_header_no_reader_would_take(changes: dict[str, Any]) -> None:
    assert refusal(**changes).code == Code.BAD_HEADER


def test_metadata_that_is_too_large() -> None:
    assert refusal(metadata={"a": "x" * 2**20}).code == Code.TOO_LARGE


def test_metadata_that_contains_itself() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = loop
    assert refusal(metadata=loop).code == Code.BAD_HEADER


@pytest.mark.parametrize("name", ["", "..", "a/b", "/a", "a b", "é"])
def test_names_that_are_not_safe(name: str) -> None:
    assert refusal(files=[(name, io.BytesIO(b""))]).code == Code.UNSAFE_NAME


def test_a_name_given_twice() -> None:
    twice = [("a", io.BytesIO(b"")), ("a", io.BytesIO(b""))]
    assert refusal(files=twice).code == Code.UNEXPECTED_MEMBER
