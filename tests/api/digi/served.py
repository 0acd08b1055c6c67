"""Which calls the dialect has: of the addresses, and of what is documented of them."""

import re
from collections.abc import Iterator

from api.digi.resources import Resource
from api.digi.urls import urlpatterns

CONVERTER = re.compile(r"<\w+:(\w+)>")


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    for pattern in urlpatterns:
        view = getattr(getattr(pattern, "callback", None), "view_class", None)
        if view is not None and issubclass(view, Resource):
            yield from ((method, path_of(str(pattern.pattern))) for method in sorted(view.needs))


def path_of(route: str) -> str:
    """`ws/x/<str:id>` as documents have it."""
    return "/" + CONVERTER.sub(r"{\1}", route)
