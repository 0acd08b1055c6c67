"""What the dialect answers while a test runs, held against the document of the API.

For each test of this folder (`conftest.py` sees to it): no answer may be one that the document
does not name, each body is of the shape that it gives, and a test that docs/mender-answers.md
names has provoked what it is named for.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema_rs
import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from api.mender import fast_lane
from api.mender.openapi.document import OPERATIONS, described
from api.mender.openapi.operations import JSON, Operation
from api.mender.resources import Resource

# Where a run writes what each test has provoked, for `python -m tests.api.mender.answers`.
FOLDER = os.environ.get("SLIPWAY_TEST_ANSWERS", "")
CONVERTER = re.compile(r"<\w+:(\w+)>")
KNOWN: dict[tuple[str, str], Operation] = {
    (operation.method, operation.path): operation for operation in OPERATIONS
}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer; `body` only where it is JSON that has not been streamed."""

    method: str
    path: str
    status: int
    media_type: str = ""
    body: bytes | None = None


@contextmanager
def recording() -> Iterator[list[Given]]:
    """What is answered inside, through Django and through the fast lane."""
    seen: list[Given] = []
    with ExitStack() as patches:
        call, answer = Resource.__call__, fast_lane._answer

        def called(self: Resource, request: HttpRequest, **arguments: str) -> HttpResponseBase:
            response = call(self, request, **arguments)
            if (given := _given(self, request, response)) is not None:
                seen.append(given)
            return response

        def answered(environ: Any, known_as: str, *, is_wrapped: bool) -> Any:
            status, headers, body = answer(environ, known_as, is_wrapped=is_wrapped)
            media_type = dict(headers).get("Content-Type", "")
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
            seen.append(Given(method, path, status, media_type, body))
            return status, headers, body

        patches.enter_context(patch.object(Resource, "__call__", called))
        patches.enter_context(patch.object(fast_lane, "_answer", answered))
        yield seen


def _given(resource: Resource, request: HttpRequest, response: HttpResponseBase) -> Given | None:
    """None for what holds of every path: OPTIONS, and a method that there is not."""
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method not in resource.views or request.resolver_match is None:
        return None
    path = "/" + CONVERTER.sub(r"{\1}", request.resolver_match.route)
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    has_body = isinstance(response, HttpResponse) and request.method != "HEAD"
    body = response.content if has_body and isinstance(response, HttpResponse) else None
    return Given(method, path, response.status_code, media_type, body)


def check(seen: list[Given]) -> None:
    """Each answer is one that the document names, in the shape it gives."""
    for given in seen:
        operation = KNOWN.get((given.method, given.path))
        if operation is None:
            continue  # another test finds that it is not described
        what = f"{given.method} {given.path} {given.status}"
        assert given.status in operation.statuses, f"{what}: the document names no such answer"
        if given.body:
            _check_body(given, what)


def _check_body(given: Given, what: str) -> None:
    content = _contents(given.method, given.path, given.status)
    assert given.media_type in content, f"{what}: {given.media_type or 'a body'} is not named"
    if given.media_type == JSON and given.body:
        for error in _validator(given.method, given.path, given.status).iter_errors(
            json.loads(given.body)
        ):
            raise AssertionError(f"{what}: {error}")


@cache
def _document() -> dict[str, Any]:
    return described()


@cache
def _contents(method: str, path: str, status: int) -> dict[str, Any]:
    response = _document()["paths"][path][method.lower()]["responses"][str(status)]
    if "$ref" in response:
        response = _document()["components"]["responses"][str(status)]
    content: dict[str, Any] = response.get("content", {})
    return content


@cache
def _validator(method: str, path: str, status: int) -> jsonschema_rs.Draft202012Validator:
    schema = _contents(method, path, status)[JSON]["schema"]
    components = {"components": _document()["components"]}
    return jsonschema_rs.Draft202012Validator(schema | components, validate_formats=True)


def note(item: pytest.Item, seen: list[Given]) -> None:
    """Write down what the test has provoked, if this run is to find that out."""
    if not FOLDER or is_by_chance(item):
        return
    answers = sorted({(given.method, given.path, given.status) for given in seen})
    line = json.dumps({"test": name_of(item.nodeid), "answers": answers})
    with Path(FOLDER, f"{os.getpid()}.jsonl").open("a") as file:
        file.write(line + "\n")


def is_by_chance(item: pytest.Item) -> bool:
    """Whether what it provokes differs from run to run."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def name_of(nodeid: str) -> str:
    """`test_x::test_y[z]`: how the tests of this folder are called in the document."""
    file, _, test = nodeid.partition("::")
    return f"{Path(file).stem}::{test}"
