"""Which calls the dialect has, by its addresses."""

from collections.abc import Iterator, Sequence

from api.hawkbit.ddi.resources import DeviceResource
from api.hawkbit.resources import Nowhere, Resource
from api.hawkbit.urls import urlpatterns
from tests.api.served import calls_of


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    return calls_of(urlpatterns, methods_of)


def methods_of(view: type) -> Sequence[str]:
    if issubclass(view, Nowhere):
        return []
    if issubclass(view, Resource):
        return sorted(view.needs)
    return sorted(view.methods) if issubclass(view, DeviceResource) else []
