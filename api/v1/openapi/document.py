"""The document itself: made once, the same for everybody, telling nothing of anybody."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from api.json_bodies import encode
from api.v1.openapi import security

URLCONF = "api.v1.urls"


@cache
def document() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator(urlconf=URLCONF).get_schema(public=True)
    found["components"]["securitySchemes"] = security.SCHEMES
    found["security"] = security.ANY_OF
    return found


@cache
def _spelt() -> bytes:
    return encode(document())


@require_safe
@cache_control(public=True, max_age=300)
def show_document(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(_spelt(), content_type="application/json")
