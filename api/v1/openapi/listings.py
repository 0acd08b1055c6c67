"""Which listings this API has, and where: read off its addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from api.v1.endpoints import Collection, Endpoint
from api.v1.short_lists import ShortCollection
from query.listing import Column, Kind, Listing

URLCONF = "api.v1.urls"


@dataclass(frozen=True, slots=True)
class Resource:
    """A list and its address, with `{id}` for what varies."""

    path: str
    listing: Listing

    @property
    def fields(self) -> tuple[Column, ...]:
        """Its columns, and what conditions can ask for besides."""
        return (*self.listing.columns, *self.listing.asked)

    @property
    def title(self) -> str:
        return self.listing.name.replace("-", " ").replace("_", " ").capitalize()


def resources() -> list[Resource]:
    """Every listing once, by the first address that lists it."""
    found: dict[str, Resource] = {}
    for path, view in views():
        lists = getattr(view, "get", None) in {Collection.get, ShortCollection.get}
        if lists and "GET" in view.needs:
            listing: Listing = view.listing  # type: ignore[attr-defined]
            found.setdefault(listing.name, Resource(path, listing))
    return sorted(found.values(), key=lambda resource: resource.listing.name)


def views() -> Iterator[tuple[str, type[Endpoint]]]:
    """Every address of this API and what answers there."""
    yield from _below("/", get_resolver(URLCONF).url_patterns)


def _below(prefix: str, patterns: Any) -> Iterator[tuple[str, type[Endpoint]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if view is not None and issubclass(view, Endpoint):
                yield _plain(route, pattern), view


def _plain(route: str, pattern: URLPattern) -> str:
    for name in pattern.pattern.converters:
        start, end = route.rindex("<", 0, route.index(f":{name}>")), route.index(f":{name}>")
        route = f"{route[:start]}{{{name}}}{route[end + len(name) + 2 :]}"
    return route


def uses(column: Column) -> list[str]:
    """What a column is good for: q, sort, fields, or shown at once."""
    return [
        word
        for word, holds in (
            ("q", column.is_filterable),
            ("sort", column.sort_by is not None),
            ("shown", column.is_shown),
        )
        if holds
    ]


def kind_of(column: Column) -> str:
    """The type of a column in words for people."""
    words = {
        Kind.ID: "UUID",
        Kind.MOMENT: "time",
        Kind.SET: "texts",
        Kind.MAP: "values by name",
        Kind.JSON: "JSON",
    }
    return words.get(column.kind, str(column.kind)) + (" or null" if column.is_nullable else "")
