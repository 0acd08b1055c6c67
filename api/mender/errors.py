"""The dialect's only knowledge of failure: each kind of error, its status and its body."""

import logging
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from api.json_bodies import WrongMediaType, encode
from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

INTERNAL = "internal error"
STATUS: dict[type[DomainError], int] = {
    Invalid: 400,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    LimitReached: 422,
    TooMany: 429,
}
# Where Mender answers otherwise than the kind suggests.
STATUS_OF_CODE = {
    "artifact_not_unique": 422,
    "artifact_too_large": 413,
    "artifact_used": 422,
    "auth_set_preauthorized": 400,
    "form_too_large": 413,
    "already_finished": 422,
    "email_taken": 422,
    "log_too_large": 413,
    "member_exists": 422,
    "no_artifact": 422,
    "password_invalid": 422,
    "password_missing": 422,
    "password_wrong": 422,
    "preferences_changed": 412,
    "storage_quota": 413,
    "tags_changed": 412,
    "two_factor_disabled": 400,
    "two_factor_enabled": 400,
    "two_factor_not_begun": 400,
}
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error on the wire; `more` goes into the body beside the message."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """What the wire itself forbids, before the domain is asked."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


class Unauthorized(Refused):
    """No token, or none that stands; `realm` is "ManagementJWT" or "DeviceJWT"."""

    def __init__(self, realm: str, message: str = "unauthorized") -> None:
        super().__init__(401, message, {"WWW-Authenticate": f'Bearer realm="{realm}"'})


def error_body(message: str, request_id: str, **more: Any) -> bytes:
    return encode({"error": message, "request_id": request_id, **more})


def error_response(error: Exception, request_id: str) -> HttpResponse:
    """The answer to whatever a view raised."""
    failure = failure_of(error, request_id)
    response = HttpResponse(
        error_body(failure.message, request_id, **failure.more),
        content_type="application/json",
        status=failure.status,
        headers=failure.headers,
    )
    # A device that is not accepted yet is nothing to warn of, and a failure is in the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def failure_of(error: Exception, request_id: str) -> Failure:
    """What `error` is on the wire; what nobody expected is logged and called internal."""
    match error:
        case Refused():
            return Failure(error.status, error.message, error.headers)
        case DomainError():
            return Failure(status_of(error), error.message, _headers(error), _more(error))
        case WrongMediaType():
            return Failure(415, "Bad Content-Type, expected 'application/json'")
        case RequestDataTooBig():
            return Failure(413, "request body too large")
        case _ if isinstance(error, UNREADABLE):
            return Failure(400, "failed to decode the request")
        case _:
            log.error("request %s failed", request_id, exc_info=error)
            return Failure(500, INTERNAL)


def status_of(error: DomainError) -> int:
    by_kind = (status for kind, status in STATUS.items() if isinstance(error, kind))
    return STATUS_OF_CODE.get(error.code) or next(by_kind, 400)


def _headers(error: DomainError) -> dict[str, str]:
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else {}


def _more(error: DomainError) -> dict[str, Any]:
    if "conflict" in error.details:
        return {"metadata": {"conflict": error.details["conflict"]}}
    if "active_deployments" in error.details:
        return {"active_deployments": error.details["active_deployments"]}
    return {}
