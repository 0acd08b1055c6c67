"""What the lanes in front of Django share: a request of environ alone, a connection that stands."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Header = tuple[str, str]
T = TypeVar("T")


class BareRequest(HttpRequest):
    """What can be asked of a request without reading it: host, scheme and headers."""

    def __init__(self, environ: "WSGIEnvironment") -> None:
        # Not Django's own: it would make a dozen things that nobody here looks at.
        self.META = environ

    def _get_scheme(self) -> str:
        return str(self.META.get("wsgi.url_scheme", "http"))


def on_standing_connection(ask: Callable[[], T]) -> T:
    """Ask on this thread's standing connection; on a fresh one if that has broken.

    Asking twice does no harm: what the first attempt may have admitted, the second repeats.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        database.close_if_unusable_or_obsolete()
    # A query of its own before each poll would cost as much as the poll.
    database.health_check_done = True
    try:
        return ask()
    except (OperationalError, InterfaceError):
        if database.in_atomic_block or database.is_usable():
            raise
        database.close()
        return ask()


def begin_answer(
    start_response: "StartResponse", status: int, headers: list[Header], body: bytes
) -> Iterable[bytes]:
    if status not in {204, 304}:
        headers = [*headers, ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
