"""What a dialect answers while a test runs, held against the document of the dialect.

No answer may be one that the document does not name, each body is of the shape that it gives, and
a test that the page of answers names has provoked what it is named for: `conftest.py` of each
dialect sees to it.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from api.openapi.operations import Operation
from tests.api import answers

FOLDER = os.environ.get(answers.FOLDER, "")


@dataclass(frozen=True, slots=True)
class Given:
    """One answer; `body` only where it is JSON that has not been streamed."""

    method: str
    path: str
    status: int
    media_type: str = ""
    body: bytes | None = None


class Described:
    """The document of a dialect, for looking up what an answer is to be."""

    def __init__(
        self, operations: Sequence[Operation], described: Callable[[], dict[str, Any]]
    ) -> None:
        self._known = {(each.method, each.path): each for each in operations}
        self._described = described
        self._validators: dict[tuple[str, str, int], jsonschema_rs.Draft202012Validator] = {}

    def check(self, seen: Sequence[Given]) -> None:
        """Each answer is one that the document names, in the shape it gives."""
        for given in seen:
            operation = self._known.get((given.method, given.path))
            if operation is None:
                continue  # another test finds that it is not described
            what = f"{given.method} {given.path} {given.status}"
            assert given.status in operation.statuses, f"{what}: the document names no such answer"
            if given.body:
                self._check_body(given, what)

    def _check_body(self, given: Given, what: str) -> None:
        content = self._contents(given)
        if not content and given.status >= 400:
            return  # with the error body or without one
        assert given.media_type in content, f"{what}: {given.media_type or 'a body'} is not named"
        schema = content[given.media_type].get("schema")
        if schema and given.body:
            for error in self._validator(given, schema).iter_errors(json.loads(given.body)):
                raise AssertionError(f"{what}: {error}")

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self._described()

    def _contents(self, given: Given) -> Mapping[str, Any]:
        responses = self._document["paths"][given.path][given.method.lower()]["responses"]
        response = responses[str(given.status)]
        if "$ref" in response:
            response = self._document["components"]["responses"][str(given.status)]
        content: dict[str, Any] = response.get("content", {})
        return content

    def _validator(
        self, given: Given, schema: Mapping[str, Any]
    ) -> jsonschema_rs.Draft202012Validator:
        key = given.method, given.path, given.status
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
            self._validators[key] = validator
        return self._validators[key]


def note(item: pytest.Item, seen: Sequence[Given]) -> None:
    """Write down what the test has provoked, if this run is to find that out."""
    if not FOLDER or is_by_chance(item):
        return
    provoked = sorted({(given.method, given.path, given.status) for given in seen})
    line = json.dumps({"test": name_of(item.nodeid), "answers": provoked})
    with Path(FOLDER, f"{os.getpid()}.jsonl").open("a") as file:
        file.write(line + "\n")


def is_by_chance(item: pytest.Item) -> bool:
    """Whether what it provokes differs from run to run."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def name_of(nodeid: str) -> str:
    """`test_x::test_y[z]`: how the tests of a folder are called in its page."""
    file, _, test = nodeid.partition("::")
    return f"{Path(file).stem}::{test}"
