"""The pages that explain this API, for whoever asks: they hold nothing of anybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from api.v1.codes import AREAS
from api.v1.codes.wire import MEMBERS
from api.v1.openapi.listings import kind_of, resources, uses


def _marked(text: str) -> SafeString:
    """The text with what stands between backticks as code."""
    parts = enumerate(text.split("`"))
    return mark_safe(  # noqa: S308  each part is escaped
        "".join(
            format_html('<span class="mono">{}</span>', part) if at % 2 else escape(part)
            for at, part in parts
        )
    )


@require_safe
@ensure_csrf_cookie
def show_reference(request: HttpRequest) -> HttpResponse:
    """The document to read and to try, as whoever is signed in here."""
    return render(
        request, "api/reference.html", {"document": reverse("v1-openapi"), "here": "reference"}
    )


@require_safe
@cache_control(public=True, max_age=300)
def show_errors(request: HttpRequest) -> HttpResponse:
    areas = {
        area: [(name, code.status, _marked(code.explanation)) for name, code in codes.items()]
        for area, codes in AREAS.items()
    }
    return render(
        request, "api/errors.html", {"areas": areas, "members": MEMBERS, "here": "errors"}
    )


@require_safe
@cache_control(public=True, max_age=300)
def show_fields(request: HttpRequest) -> HttpResponse:
    shown: list[dict[str, Any]] = [
        {
            "resource": resource,
            "rows": [
                {"column": column, "kind": kind_of(column), "uses": uses(column)}
                for column in resource.fields
            ],
        }
        for resource in resources()
    ]
    return render(request, "api/fields.html", {"resources": shown, "here": "fields"})
