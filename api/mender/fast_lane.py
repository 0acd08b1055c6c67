"""The poll, answered in front of Django: nothing but the question, one query and the answer."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http.request import split_domain_port, validate_host

from api.bodies import Body, announced_length
from api.mender.errors import Refused, error_body, failure_of
from api.mender.poll import Poll, answer
from api.mender.request_ids import HEADER, META, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_LIMIT = 1024 * 1024
V1 = "/api/devices/v1/deployments/device/deployments/next"
V2 = "/api/devices/v2/deployments/device/deployments/next"
# Whether the provides are wrapped, by path and method; Django answers everything else.
LANE = {(V1, "GET"): False, (V1, "POST"): False, (V2, "POST"): True}
JSON = ("Content-Type", "application/json")


class FastLane:
    """WSGI middleware that answers polls and hands on the rest."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        is_wrapped = LANE.get((environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]))
        if is_wrapped is None:
            return self.application(environ, start_response)
        known_as = request_id(environ.get(META))
        status, headers, body = _answer(environ, known_as, is_wrapped=is_wrapped)
        headers += [(HEADER, known_as)]
        if status != 204:
            headers += [("Content-Length", str(len(body)))]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]


def _answer(
    environ: "WSGIEnvironment", known_as: str, *, is_wrapped: bool
) -> tuple[int, list[tuple[str, str]], bytes]:
    try:
        body = _with_connection(_poll(environ, is_wrapped=is_wrapped))
    except Exception as error:  # noqa: BLE001  the lane answers for everything it raises
        failure = failure_of(error, known_as)
        headers = [JSON, *failure.headers.items()]
        return failure.status, headers, error_body(failure.message, known_as)
    return (204, [], b"") if body is None else (200, [JSON], body)


def _with_connection(poll: Poll) -> bytes | None:
    """Ask on this thread's standing connection; on a fresh one if that has broken.

    Asking twice does no harm: what the first attempt may have admitted, the second repeats.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        database.close_if_unusable_or_obsolete()
    # A query of its own before each poll would cost as much as the poll.
    database.health_check_done = True
    try:
        return answer(poll)
    except (OperationalError, InterfaceError):
        if database.in_atomic_block or database.is_usable():
            raise
        database.close()
        return answer(poll)


def _poll(environ: "WSGIEnvironment", *, is_wrapped: bool) -> Poll:
    is_query = environ["REQUEST_METHOD"] == "GET"
    return Poll(
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        query=environ.get("QUERY_STRING", "") if is_query else None,
        content_type=environ.get("CONTENT_TYPE", ""),
        body=b"" if is_query else _body(environ),
        is_wrapped=is_wrapped,
        base=lambda: _base(environ),
    )


def _body(environ: "WSGIEnvironment") -> bytes:
    """The body, counted or chunked, read no further than the limit."""
    if (announced_length(environ) or 0) > BODY_LIMIT:
        raise Refused(413, "request body too large")
    source, body = Body(environ), b""
    try:
        while more := source.read(BODY_LIMIT + 1 - len(body)):
            body += more
    except OSError as error:
        raise Refused(400, "the request body broke off") from error
    if len(body) > BODY_LIMIT:
        raise Refused(413, "request body too large")
    return body


def _base(environ: "WSGIEnvironment") -> str:
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        raise Refused(400, "unknown Host")
    return f"{environ['wsgi.url_scheme']}://{host}"
