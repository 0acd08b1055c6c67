"""Every failure as problem details (RFC 9457) with a stable code."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

STATUS: dict[type[DomainError], int] = {
    Invalid: 400,
    NotFound: 404,
    Conflict: 409,
    Forbidden: 403,
    LimitReached: 409,
    TooMany: 429,
}
MEDIA_TYPE = "application/problem+json"


def problem(
    status_code: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """`type` is where the documentation of the code stands."""
    body = {
        "type": f"/api/docs/errors#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status_code,
        "code": code,
        "detail": detail,
        **more,
    }
    return Response(body, status_code, content_type=MEDIA_TYPE, headers=headers)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook: None leaves the error to Django, which logs it."""
    match error:
        case DomainError():
            kinds = (code for kind, code in STATUS.items() if isinstance(error, kind))
            more = {"field": error.field} if error.field else {}
            headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooMany) else None
            return problem(next(kinds, 400), error.code, error.message, headers, **more)
        case Http404():
            return problem(404, "not_found", "There is no such thing.")
        case PermissionDenied():
            return problem(403, "forbidden", "This caller may not do that.")
        case exceptions.ValidationError():
            return problem(
                400, "invalid_body", "The body is not as described.", errors=error.detail
            )
        case exceptions.APIException():
            code = error.get_codes()
            headers = {}
            if challenge := getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = challenge
            return problem(error.status_code, str(code), str(error.detail), headers)
    return None


__all__ = ["handle", "problem", "status"]
