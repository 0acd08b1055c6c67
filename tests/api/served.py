"""Which calls a dialect has, by its addresses, as its document names them."""

import re
from collections.abc import Callable, Iterator, Sequence

from django.urls import URLPattern, URLResolver

CONVERTER = re.compile(r"<\w+:(\w+)>")
MethodsOf = Callable[[type], Sequence[str]]


def calls_of(
    patterns: Sequence[URLPattern | URLResolver], methods_of: MethodsOf
) -> Iterator[tuple[str, str]]:
    """Method and path of each call; `methods_of` gives none for views that are no calls."""
    for route, view in _below("", patterns):
        yield from ((method, path_of(route)) for method in methods_of(view))


def path_of(route: str) -> str:
    """`rest/v1/x/<number:id>` as documents have it."""
    return "/" + CONVERTER.sub(r"{\1}", route)


def _below(prefix: str, patterns: Sequence[URLPattern | URLResolver]) -> Iterator[tuple[str, type]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        elif (view := getattr(pattern.callback, "view_class", None)) is not None:
            yield route, view
