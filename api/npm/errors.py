"""Riverbed's errors: one body for all, exactly `{"error_id", "error_text"}`.

A client compares the set of the two keys, and fails at a third one. Source: SteelScript.
"""

import logging

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from api.concurrency import has_met_another
from api.json_bodies import WrongMediaType, encode
from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

REALM = 'Basic realm="npm"'
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
# Status and error_id of each kind.
OF_KIND: dict[type[DomainError], tuple[int, str]] = {
    Invalid: (400, "REQUEST_INVALID_INPUT"),
    NotFound: (404, "RESOURCE_NOT_FOUND"),
    Conflict: (409, "INVALID_STATE"),
    Forbidden: (403, "AUTH_FORBIDDEN"),
    LimitReached: (413, "REQUEST_TOO_LARGE"),
}
# Conflicts that clients may tell apart from a state that forbids the call.
CONFLICTS = frozenset({"no_valid_image", "image_in_use"})


class Refused(Exception):
    """What the dialect itself refuses, as it is told."""

    def __init__(
        self, status: int, error_id: str, error_text: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(error_text)
        self.status = status
        self.error_id = error_id
        self.error_text = error_text
        self.headers = headers or {}


def invalid_input(text: str) -> Refused:
    return Refused(400, "REQUEST_INVALID_INPUT", text)


def not_found(text: str = "There is nothing here.") -> Refused:
    return Refused(404, "RESOURCE_NOT_FOUND", text)


def unauthorized(error_id: str, text: str) -> Refused:
    return Refused(401, error_id, text, {"WWW-Authenticate": REALM})


def not_allowed(allowed: str) -> Refused:
    text = f"The method is none of {allowed}."
    return Refused(405, "METHOD_NOT_ALLOWED", text, {"Allow": allowed})


def error_response(error: Exception) -> HttpResponse:
    """The answer to whatever a view raised; what nobody expected is logged and called internal."""
    refusal = refusal_of(error)
    body = {"error_id": refusal.error_id, "error_text": refusal.error_text}
    return HttpResponse(
        encode(body),
        status=refusal.status,
        content_type="application/json",
        headers=refusal.headers,
    )


def refusal_of(error: Exception) -> Refused:
    """What `error` is on the wire."""
    match error:
        case Refused():
            return error
        case TooMany():
            headers = {"Retry-After": str(error.seconds)}
            return Refused(429, "REQUEST_TOO_MANY", error.message, headers)
        case DomainError():
            return _of_domain(error)
        case _:
            return _of_framework(error)


def _of_domain(error: DomainError) -> Refused:
    status, error_id = next(known for kind, known in OF_KIND.items() if isinstance(error, kind))
    if error.code in CONFLICTS:
        error_id = error.code.upper()
    return Refused(status, error_id, error.message)


def _of_framework(error: Exception) -> Refused:
    if isinstance(error, WrongMediaType):
        text = "The body must be application/json."
        return Refused(415, "REQUEST_UNSUPPORTED_MEDIA_TYPE", text)
    if isinstance(error, RequestDataTooBig):
        return Refused(413, "REQUEST_TOO_LARGE", "The body is too large.")
    if isinstance(error, UNREADABLE):
        return invalid_input("The request cannot be read.")
    if has_met_another(error):
        log.warning("a call of Riverbed's API met another one", exc_info=error)
        text = "Another request has changed this at the same time; try again."
        return Refused(409, "CONFLICT", text)
    log.error("a call of Riverbed's API failed", exc_info=error)
    return Refused(500, "INTERNAL_ERROR", "An internal error occurred.")
