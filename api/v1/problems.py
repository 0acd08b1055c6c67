"""Every failure as problem details (RFC 9457) with a stable code."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions

from api.json_bodies import WrongMediaType, encode
from api.v1.codes import code_of
from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/docs/errors"
# What a kind of error answers whose code is not in the table.
STATUS: dict[type[DomainError], int] = {
    Invalid: 400,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    LimitReached: 409,
    TooMany: 429,
}
# What Django and the reading of bodies raise; the first that fits counts.
OTHERS: tuple[tuple[type[Exception], str, str], ...] = (
    (Http404, "not_found", "There is no such thing."),
    (PermissionDenied, "forbidden", "This caller may not do that."),
    (WrongMediaType, "unsupported_media_type", "The body must be JSON in UTF-8."),
    (RequestDataTooBig, "body_too_large", "The body is larger than this call takes."),
    *(
        (kind, "malformed_request", "The request cannot be read.")
        for kind in (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
    ),
)
# What REST framework calls by other names than we do.
RENAMED = {
    "permission_denied": "forbidden",
    "parse_error": "malformed_body",
    "throttled": "too_many_requests",
}


def problem(
    code: str, detail: str, *, status: int = 400, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """The answer for the code; `status` is for one that the table does not know.

    `type` is where the documentation of the code stands, `more` are further members.
    """
    known = code_of(code, status)
    body = {
        "type": f"{PAGE}#{code}",
        "title": known.title,
        "status": known.status,
        "code": code,
        "detail": detail,
    }
    response = HttpResponse(
        encode(more | body), content_type=MEDIA_TYPE, status=known.status, headers=headers
    )
    # What a caller does wrong is no warning of ours, and a failure is in the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def handle(error: Exception, _context: dict[str, Any] | None = None) -> HttpResponse:
    """The answer to whatever a view raised; what nobody expected is logged with its id."""
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    for kind, code, detail in OTHERS:
        if isinstance(error, kind):
            return problem(code, detail)
    request_id = str(uuid4())
    log.error("request %s failed", request_id, exc_info=error)
    detail = f"This is a failure of the server, noted in its log as request {request_id}."
    return problem("internal_error", detail, request_id=request_id)


def _of_domain(error: DomainError) -> HttpResponse:
    by_kind = (status for kind, status in STATUS.items() if isinstance(error, kind))
    more = error.details | ({"field": error.field} if error.field else {})
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else None
    return problem(error.code, error.message, status=next(by_kind, 400), headers=headers, **more)


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        return problem("invalid_body", "The body is not as described.", errors=errors)
    code = str(error.get_codes())
    challenge = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": challenge} if challenge else None
    code = RENAMED.get(code, code)
    return problem(code, str(error.detail), status=error.status_code, headers=headers)


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """One entry for each thing that is wrong, `field` with dots down into the body."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else _below(path, name))
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            is_nested = isinstance(inner, dict | list)
            yield from _flat(inner, _below(path, position) if is_nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _below(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
