"""Which calls the dialect has, by its addresses."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver

from api.carbonblack.resources import Resource
from api.carbonblack.urls import urlpatterns

CONVERTER = re.compile(r"<\w+:(\w+)>")


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    for route, view in _below("", urlpatterns):
        yield from ((method, route) for method in methods_of(view))


def methods_of(view: type) -> list[str]:
    return sorted(view.needs) if issubclass(view, Resource) else []


def path_of(route: str) -> str:
    """`jobs/<str:x>` as documents have it."""
    return "/" + CONVERTER.sub(r"{\1}", route)


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, type]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        elif (view := getattr(pattern.callback, "view_class", None)) is not None:
            yield path_of(route), view
