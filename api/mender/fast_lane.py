"""The poll, answered in front of Django: nothing but the question, one query and the answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from api.addresses import base_url
from api.bodies import Body, announced_length
from api.lanes import BareRequest, begin_answer, on_standing_connection
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
        return begin_answer(start_response, status, [*headers, (HEADER, known_as)], body)


def _answer(
    environ: "WSGIEnvironment", known_as: str, *, is_wrapped: bool
) -> tuple[int, list[tuple[str, str]], bytes]:
    try:
        poll = _poll(environ, is_wrapped=is_wrapped)
        body = on_standing_connection(lambda: answer(poll))
    except Exception as error:  # noqa: BLE001  the lane answers for everything it raises
        failure = failure_of(error, known_as)
        headers = [JSON, *failure.headers.items()]
        return failure.status, headers, error_body(failure.message, known_as)
    return (204, [], b"") if body is None else (200, [JSON], body)


def _poll(environ: "WSGIEnvironment", *, is_wrapped: bool) -> Poll:
    is_query = environ["REQUEST_METHOD"] == "GET"
    return Poll(
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        query=environ.get("QUERY_STRING", "") if is_query else None,
        content_type=environ.get("CONTENT_TYPE", ""),
        body=b"" if is_query else _body(environ),
        is_wrapped=is_wrapped,
        base=lambda: base_url(BareRequest(environ)),
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
