"""Carbon Black's errors: one body for all, `{"error_code", "message", "args"}`.

Source: the seed, Response Codes.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError

from api.carbonblack.error_codes import ARGS_OF_CODE, OF_CODE, OF_KIND, Code
from api.concurrency import has_met_another
from api.json_bodies import WrongMediaType, encode
from fleet.errors import DomainError
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

UNREADABLE = (BadRequest, SuspiciousOperation, UnreadablePostError)


class Refused(Exception):
    """What the dialect itself refuses: `facts` are the `args` of the body."""

    def __init__(
        self,
        code: Code,
        message: str,
        facts: Sequence[Any] = (),
        *,
        status: int = 400,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = list(facts)
        self.status = status
        self.headers = headers or {}


def malformed(why: str) -> Refused:
    return Refused(Code.MALFORMED_REQUEST, why)


def missing(path: str) -> Refused:
    return Refused(Code.MISSING_FIELD, f"Field {path} is required", [path])


def wrong_type(path: str, expected: str) -> Refused:
    return Refused(Code.INVALID_FIELD_TYPE, f"Field {path} must be {expected}", [path])


def wrong_word(path: str, word: str, known: Sequence[str]) -> Refused:
    message = f"Field {path} takes one of {', '.join(known)}"
    return Refused(Code.INVALID_ENUM_VALUE, message, [path, word[:256]])


def unknown_criterion(name: str) -> Refused:
    message = "The criteria have a field that is not supported"
    return Refused(Code.INVALID_CRITERIA_FIELD, message, [name[:256]])


def not_found() -> Refused:
    return Refused(Code.NOT_FOUND, "There is nothing here", status=404)


def unauthorized() -> Refused:
    return Refused(Code.UNAUTHORIZED, "Nobody is known by these credentials", status=401)


def forbidden(message: str, facts: Sequence[str] = ()) -> Refused:
    return Refused(Code.FORBIDDEN, message, facts, status=403)


def error_response(error: Exception) -> HttpResponse:
    """The answer to whatever a view raised; what nobody expected is logged and called internal."""
    refusal = refusal_of(error)
    body = {"error_code": refusal.code, "message": refusal.message, "args": refusal.facts}
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
            return Refused(Code.TOO_MANY_REQUESTS, error.message, status=429, headers=headers)
        case DomainError():
            return _of_domain(error)
        case _:
            return _of_framework(error)


def _of_domain(error: DomainError) -> Refused:
    status, code = next(known for kind, known in OF_KIND.items() if isinstance(error, kind))
    named = ARGS_OF_CODE.get(error.code, ())
    facts = [error.details[name] for name in named if name in error.details]
    if not named and error.field:
        facts = [error.field]
    return Refused(OF_CODE.get(error.code, code), error.message, facts, status=status)


def _of_framework(error: Exception) -> Refused:
    if isinstance(error, WrongMediaType):
        message = "The body must be application/json"
        return Refused(Code.UNSUPPORTED_MEDIA_TYPE, message, status=415)
    if isinstance(error, RequestDataTooBig):
        return Refused(Code.PAYLOAD_TOO_LARGE, "The body is too large", status=413)
    if isinstance(error, UNREADABLE):
        return malformed("The request cannot be read")
    return _of_ours(error)


def _of_ours(error: Exception) -> Refused:
    if has_met_another(error):
        log.warning("a call of Carbon Black's API met another one", exc_info=error)
        message = "Another request has changed this at the same time; try again"
        return Refused(Code.CONFLICT, message, status=409)
    log.error("a call of Carbon Black's API failed", exc_info=error)
    return Refused(Code.INTERNAL_SERVER_ERROR, "An internal error occurred", status=500)
