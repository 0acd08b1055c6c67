"""What a dialect answers while a test runs, held against the document of the dialect.

No answer may be one that the document does not name, each body is of the shape that it gives, and
a test that the page of answers names has provoked what it is named for: `conftest.py` of each
dialect sees to it.
"""

import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema_rs
import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.openapi.operations import Operation
from tests.api import answers
from tests.api.answers import Book, Key
from tests.api.served import MethodsOf, path_of

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


Recording = Callable[[], AbstractContextManager[list[Given]]]


def views_recorded(
    kinds: Sequence[type], methods_of: MethodsOf, media_types: Sequence[str], prefix: str = ""
) -> Recording:
    """What the views of these kinds answer inside; bodies of those media types are kept.

    A `prefix` of paths is left out of them.
    """

    @contextmanager
    def recording() -> Iterator[list[Given]]:
        seen: list[Given] = []
        with ExitStack() as patches:
            for kind in kinds:
                dispatch: Any = kind.dispatch  # type: ignore[attr-defined]
                patches.enter_context(patch.object(kind, "dispatch", noting(dispatch, seen)))
            yield seen

    def noting(dispatch: Any, seen: list[Given]) -> Any:
        def dispatched(
            self: Any, request: HttpRequest, *args: Any, **names: Any
        ) -> HttpResponseBase:
            response: HttpResponseBase = dispatch(self, request, *args, **names)
            # OPTIONS, and a method that there is not, are answered alike everywhere.
            method = "GET" if request.method == "HEAD" else request.method or ""
            if method in methods_of(type(self)) and request.resolver_match is not None:
                path = path_of(str(request.resolver_match.route)).removeprefix(prefix)
                seen.append(_given(method, path, request, response, media_types))
            return response

        return dispatched

    return recording


def _given(
    method: str,
    path: str,
    request: HttpRequest,
    response: HttpResponseBase,
    media_types: Sequence[str],
) -> Given:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    has_body = request.method != "HEAD" and response.status_code != 304
    is_kept = has_body and media_type in media_types and isinstance(response, HttpResponse)
    body = response.content if is_kept and isinstance(response, HttpResponse) else None
    return Given(method, path, response.status_code, media_type, body)


def claims_of(book: Book) -> Mapping[str, set[Key]]:
    """What the page says of each test: of a run that is to find that out nothing is held."""
    return {} if FOLDER else book.claims()


def held(
    item: pytest.Item,
    recording: Recording,
    described: "Described",
    book: Book,
    claims: Mapping[str, set[Key]],
) -> Generator[None, Any, Any]:
    """The call of a test, whose answers are held against the document and the page."""
    with recording() as seen:
        result = yield
    described.check(seen)
    note(item, seen)
    provoked = {Key(given.method, given.path, given.status) for given in seen}
    missing = claims.get(name_of(item.nodeid), set()) - provoked
    assert not missing, f"docs/{book.page.name} names this test for {sorted(missing)}"
    return result


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
