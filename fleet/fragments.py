"""One page, two answers: whole, or only the part of it that HTMX asks for."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HTMX_STOP_POLLING

from fleet.pages import PageRequest

SEEN = "X-Seen"
Context = dict[str, Any]


def answer(
    request: PageRequest,
    template: str,
    parts: Mapping[str, Callable[[], Context]],
    *,
    frame: Context | None = None,
    is_final: bool = False,
) -> HttpResponse:
    """Render the whole page, or the partial named like the element that HTMX wants to replace.

    Each part computes its own context, so that a part that is asked for alone costs no more.
    `frame` is the context of what is around them; a part alone has `is_part`: HTMX asks for whole
    pages as well, when one goes back. A part that says what the page says already is
    answered by 204; one that will not change any more (`is_final`) by 286, which ends the polling.
    """
    context = frame or {}
    asked = request.htmx.target or ""
    if asked in parts:
        context |= parts[asked]() | {"is_part": True}
        response = render(request, f"{template}#{asked}", context)
        response = _unless_seen(request, response, is_final)
    else:
        for part in parts.values():
            context |= part()
        response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _unless_seen(request: PageRequest, response: HttpResponse, is_final: bool) -> HttpResponse:
    digest = hashlib.sha256(response.content).hexdigest()[:16]
    if is_final:
        response.status_code = HTMX_STOP_POLLING
    elif request.headers.get(SEEN) == digest:
        response = HttpResponse(status=204)
    response[SEEN] = digest
    return response
