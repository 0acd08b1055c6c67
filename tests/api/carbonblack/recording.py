"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.carbonblack.openapi.document import OPERATIONS, described
from api.carbonblack.resources import Resource
from tests.api.carbonblack.served import methods_of, path_of
from tests.api.recording import Described, Given

DESCRIBED = Described(OPERATIONS, described)
JSON = "application/json"


@contextmanager
def recording() -> Iterator[list[Given]]:
    """What is answered inside."""
    seen: list[Given] = []
    with patch.object(Resource, "dispatch", _noting(Resource.dispatch, seen)):
        yield seen


def _noting(dispatch: Any, seen: list[Given]) -> Any:
    def dispatched(self: Any, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        response: HttpResponseBase = dispatch(self, request, *args, **names)
        if (given := _given(type(self), request, response)) is not None:
            seen.append(given)
        return response

    return dispatched


def _given(kind: type, request: HttpRequest, response: HttpResponseBase) -> Given | None:
    """None for what holds of every path: OPTIONS, and a method that there is not."""
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method not in methods_of(kind) or request.resolver_match is None:
        return None
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    is_told = isinstance(response, HttpResponse) and request.method != "HEAD"
    body = response.content if is_told and media_type == JSON else None  # type: ignore[attr-defined]
    path = path_of(str(request.resolver_match.route))
    return Given(method, path, response.status_code, media_type, body)
