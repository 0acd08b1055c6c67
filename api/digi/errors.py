"""Digi's errors: `{"error_status": int, "error_message": str}`, each kind with its status.

Source: Digi Remote Manager, v1 API error responses.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError

from api.concurrency import has_met_another
from api.digi.language import QueryError
from api.json_bodies import encode
from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

REALM = 'Basic realm="Digi"'
_OF_KIND: dict[type[DomainError], int] = {
    Invalid: 400,
    Forbidden: 403,
    LimitReached: 403,
    NotFound: 404,
    Conflict: 409,
}
_UNREADABLE = (BadRequest, SuspiciousOperation, UnreadablePostError)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error on the wire."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return {"error_status": self.status, "error_message": self.message}


class Refused(Exception):
    """What the wire itself forbids."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.failure = Failure(status, message, named)


def no_job(job_id: object) -> Refused:
    return Refused(404, f"There is no job {job_id}")


def error_response(error: Exception) -> HttpResponse:
    """The answer to whatever a view raised."""
    failure = failure_of(error)
    return HttpResponse(
        encode(failure.told()),
        status=failure.status,
        headers=failure.headers,
        content_type="application/json",
    )


def failure_of(error: Exception) -> Failure:
    """What `error` is on the wire; what nobody expected is logged and called internal."""
    match error:
        case Refused():
            return error.failure
        case QueryError():
            return Failure(400, error.message)
        case TooMany():
            return Failure(429, error.message, {"Retry-After": str(error.seconds)})
        case DomainError():
            status = next(status for kind, status in _OF_KIND.items() if isinstance(error, kind))
            return Failure(status, error.message)
        case _:
            return _of_framework(error)


def _of_framework(error: Exception) -> Failure:
    if isinstance(error, RequestDataTooBig):
        return Failure(413, "The body is too large")
    if isinstance(error, _UNREADABLE):
        return Failure(400, "The request cannot be read")
    if has_met_another(error):
        log.warning("a call of Digi's API met another one", exc_info=error)
        return Failure(409, "Another call changed the same thing at this moment; try again")
    log.error("a call of Digi's API failed", exc_info=error)
    return Failure(500, "An internal error occurred")
