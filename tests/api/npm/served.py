"""Which calls the dialect has, of its addresses: those by the host of an appliance. Below
`/npm/<appliance>` are the same."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver

from api.endpoints import Endpoint
from api.npm.urls import of_an_appliance

CONVERTER = re.compile(r"<\w+:(\w+)>")
PREFIX = "npm/<str:appliance>/"


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    for route, view in _below("", of_an_appliance):
        yield from ((method, path_of(route)) for method in sorted(view.needs))


def path_of(route: str) -> str:
    """`npm/<str:appliance>/api/x/<str:id>` as the document has it."""
    return "/" + CONVERTER.sub(r"{\1}", route.removeprefix(PREFIX))


def _below(
    prefix: str, patterns: list[URLPattern | URLResolver]
) -> Iterator[tuple[str, type[Endpoint]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        else:
            yield route, pattern.callback.view_class  # type: ignore[attr-defined]
