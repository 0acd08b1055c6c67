"""The poll, for whom the fast lane does not stand in front.

Source: Mender API, Deployments (device), Check Update.
"""

from django.http import HttpRequest, HttpResponse

from api.addresses import base_url
from api.mender.poll import Poll, answer
from api.mender.requests import no_content


def check(request: HttpRequest) -> HttpResponse:
    """Version 1 by GET: the provides are in the query."""
    return _answer(request, query=request.META.get("QUERY_STRING", ""))


def check_depends(request: HttpRequest) -> HttpResponse:
    """Version 1 by POST: the provides are the body."""
    return _answer(request)


def check_v2(request: HttpRequest) -> HttpResponse:
    """Version 2: the provides are a member of the body."""
    return _answer(request, is_wrapped=True)


def _answer(
    request: HttpRequest, *, query: str | None = None, is_wrapped: bool = False
) -> HttpResponse:
    body = answer(
        Poll(
            authorization=request.META.get("HTTP_AUTHORIZATION", ""),
            query=query,
            content_type=request.META.get("CONTENT_TYPE", ""),
            body=request.body if query is None else b"",
            is_wrapped=is_wrapped,
            base=lambda: base_url(request),
        )
    )
    return no_content() if body is None else HttpResponse(body, content_type="application/json")
