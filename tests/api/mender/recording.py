"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from api.mender import fast_lane
from api.mender.openapi.document import OPERATIONS, described
from api.mender.resources import Resource
from tests.api.recording import Described, Given

CONVERTER = re.compile(r"<\w+:(\w+)>")
DESCRIBED = Described(OPERATIONS, described)


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
