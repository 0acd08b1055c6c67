"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.npm.openapi.document import OPERATIONS, described
from api.npm.resources import Address
from api.openapi.operations import JSON
from tests.api.npm.served import path_of
from tests.api.recording import Described, Given

DESCRIBED = Described(OPERATIONS, described)


@contextmanager
def recording() -> Iterator[list[Given]]:
    """What is answered inside."""
    seen: list[Given] = []
    dispatch: Any = Address.dispatch

    def dispatched(
        self: Address, request: HttpRequest, *args: Any, **names: Any
    ) -> HttpResponseBase:
        method = "GET" if request.method == "HEAD" else request.method or ""
        response: HttpResponseBase = dispatch(self, request, *args, **names)
        if method in self.needs and (given := _given(method, request, response)) is not None:
            seen.append(given)
        return response

    with patch.object(Address, "dispatch", dispatched):
        yield seen


def _given(method: str, request: HttpRequest, response: HttpResponseBase) -> Given | None:
    """None for what holds of every path: OPTIONS, and a method that there is not."""
    if request.resolver_match is None:
        return None
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    is_told = isinstance(response, HttpResponse) and request.method != "HEAD"
    body = response.content if is_told and media_type == JSON else None
    path = path_of(str(request.resolver_match.route))
    return Given(method, path, response.status_code, media_type, body)
