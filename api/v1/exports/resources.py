"""Which lists there are, by their names in addresses, as the URLs mount them."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, URLResolver
from rest_framework.request import Request

from api.v1.asking import Asked, read_asked
from api.v1.authentication import Caller
from api.v1.endpoints import Collection
from fleet.errors import Forbidden, Invalid
from query.asking import like

MOST = 10**12


def read_export(resource: str, query: QueryDict, caller: Caller) -> Asked:
    """What the query asks of the list of that name, with what the caller may see of it.

    Raises Invalid("resource_unknown"), Forbidden("forbidden") and as `read_asked`.
    """
    view = readable(resource, caller)
    rows = view.rows()
    return read_asked(query, view.listing, rows, caller.organization, most=MOST, others=("limit",))


def readable(resource: str, caller: Caller) -> Collection:
    """The list as its own address would be asked by this caller; raises as `read_export`."""
    view = _view_of(resource, caller)
    need = view.needs["GET"]
    if not need.is_met_by(caller.actor):
        raise Forbidden("forbidden", f"This export needs {need.permission}.", field="resource")
    return view


def _view_of(resource: str, caller: Caller) -> Collection:
    known = resources()
    if resource not in known:
        text = f"There is no list {resource[:64]!r}{like(resource, known)}."
        raise Invalid("resource_unknown", text, field="resource")
    view = known[resource]()
    request = Request(HttpRequest())
    request.auth = caller
    view.request = request
    view.args, view.kwargs = (), {}
    return view


@lru_cache(maxsize=1)
def resources() -> dict[str, type[Collection]]:
    """The lists that are not of one thing."""
    patterns = import_module("api.v1.urls").urlpatterns
    views = [getattr(each.callback, "view_class", None) for each in _all(patterns)]
    lists = [view for view in views if view and issubclass(view, Collection)]
    return {view.listing.name: view for view in lists if "GET" in view.needs}


def _all(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _all(each.url_patterns)
        elif not each.pattern.converters and not each.pattern.regex.groups:
            yield each
