"""header-info, type-info and meta-data follow their schema to the letter."""

from typing import Any

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, info, refused, tar

NAME = {"artifact_name": "one"}
DEVICE = {"device_type": ["pi"]}


@pytest.mark.parametrize(
    "header_info",
    [
        b"",
        b"null",
        {},
        info(more=1),
        info(payloads=None),
        info(payloads=[]),
        info(payloads=["app"]),
        info(payloads=[{}]),
        info(payloads=[{"type": ""}]),
        info(payloads=[{"type": 1}]),
        info(payloads=[{"type": "app", "more": 1}]),
        info(payloads=[{"type": "app"}] * 65),
        info(artifact_provides=None),
        info(artifact_provides={}),
        info(artifact_provides={"artifact_name": ""}),
        info(artifact_provides={"artifact_name": None}),
        info(artifact_provides={"artifact_name": ["one"]}),
        info(artifact_provides={"artifact_name": "a\nb"}),
        info(artifact_provides={"artifact_name": "n" * 1025}),
        info(artifact_provides=NAME | {"more": "1"}),
        info(artifact_depends=None),
        info(artifact_depends={}),
        info(artifact_depends={"device_type": []}),
        info(artifact_depends={"device_type": [""]}),
        info(artifact_depends={"device_type": "pi"}),
        info(artifact_depends={"device_type": [1]}),
        info(artifact_depends=DEVICE | {"artifact_name": "zero"}),
        info(artifact_depends=DEVICE | {"more": ["1"]}),
    ],
    ids=lambda document: str(document)[:60],
)
def test_header_info_is_refused(header_info: Any) -> None:
    assert refused(Draft(header_info=header_info).build()).code == Code.BAD_HEADER


@pytest.mark.parametrize(
    "type_info",
    [
        b"",
        b"[]",
        {"type": 1},
        {"type": "other"},
        {"type": "app", "more": 1},
        {"artifact_provides": []},
        {"artifact_provides": {"a": 1}},
        {"artifact_provides": {"": "1"}},
        {"artifact_depends": {"a": 1}},
        {"artifact_depends": {"a": [1]}},
        {"clears_artifact_provides": "a.*"},
        {"clears_artifact_provides": [1]},
        {"clears_artifact_provides": [""]},
        {"artifact_provides": NAME},
        {"artifact_depends": DEVICE},
    ],
    ids=lambda document: str(document)[:60],
)
def test_type_info_is_refused(type_info: Any) -> None:
    assert refused(Draft(type_info=type_info).build()).code == Code.BAD_HEADER


def test_payloads_may_not_provide_the_same() -> None:
    same = b'{"artifact_provides":{"a":"1"}}'
    two = info(payloads=[{"type": "app"}, {"type": "app"}])
    again = ("headers/0001/type-info", same)
    draft = Draft(header_info=two, type_info=same, more_header=[again])
    error = refused(tar([*draft.outer(), ("data/0001.tar", tar([]))]))
    assert str(error) == "'a' is given twice in artifact_provides."


@pytest.mark.parametrize("metadata", [b"null", b"1", b"[]", b'"text"', b"{}{}", b"{'a': 1}"])
def test_metadata_is_one_object(metadata: bytes) -> None:
    assert refused(Draft(metadata=metadata).build()).code == Code.BAD_HEADER


def test_the_message_names_the_field_and_the_member() -> None:
    message = str(refused(Draft(header_info=info(artifact_depends={})).build()))
    assert message == "The header-info names no device type."
    message = str(refused(Draft(type_info={"type": 1}).build()))
    assert message == "'type' in headers/0000/type-info must be text."
