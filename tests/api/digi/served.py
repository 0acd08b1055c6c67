"""Which calls the dialect has, by its addresses."""

from collections.abc import Iterator, Sequence

from api.digi.resources import Resource
from api.digi.urls import urlpatterns
from tests.api.served import calls_of


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    return calls_of(urlpatterns, methods_of)


def methods_of(view: type) -> Sequence[str]:
    return sorted(view.needs) if issubclass(view, Resource) else []
