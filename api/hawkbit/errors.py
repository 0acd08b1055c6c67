"""hawkBit's errors: each kind with its status, its key and the class that clients compare.

Source: the seed, Error body; hawkBit's error keys.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from api.concurrency import has_met_another
from api.hawkbit.error_codes import OF_CODE, OF_KIND, REPOSITORY, REST
from api.json_bodies import WrongMediaType, encode
from fleet.errors import DomainError
from fleet.throttling import TooMany

log = logging.getLogger(__name__)

PREFIX = "hawkbit.server.error."
SPRING = "org.springframework.web."
SPRING_REST = SPRING + "multipart."
MODIFIED = "The entity has been created or changed by another request at the same time"
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error on the wire; without a `key` it has no body."""

    status: int
    key: str = ""
    exception: str = ""
    message: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if not self.key:
            return b""
        told: dict[str, Any] = {
            "exceptionClass": self.exception,
            "errorCode": PREFIX + self.key,
            "message": self.message,
        }
        if self.info:
            told["info"] = self.info
            told["parameters"] = [str(each) for each in self.info.values()]
        return encode({name: value for name, value in told.items() if value})


class Refused(Exception):
    """What the wire itself forbids, or what has a key that the domain does not know."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message or str(failure.status))
        self.failure = failure


# What comes before any call is looked at: key, class and message of each status.
_BEFORE: dict[int, tuple[str, str, str]] = {
    405: (
        "rest.method.notAllowed",
        SPRING + "HttpRequestMethodNotSupportedException",
        "The resource does not take this method",
    ),
    406: (
        "rest.mediaType.notAcceptable",
        SPRING + "HttpMediaTypeNotAcceptableException",
        "None of the media types that are accepted can be produced",
    ),
    413: (
        "rest.body.tooLarge",
        SPRING_REST + "MaxUploadSizeExceededException",
        "The body is too large",
    ),
    415: (
        "rest.mediaType.notSupported",
        SPRING + "HttpMediaTypeNotSupportedException",
        "The body is not of a media type that the resource takes",
    ),
    429: (
        "rest.tooManyRequests",
        REST + "TooManyRequestsException",
        "Too many requests, try again later",
    ),
}


def before(status: int, **headers: str) -> Refused:
    """The refusal of a call for its method, its media types, its length or its number."""
    key, name, message = _BEFORE[status]
    return Refused(Failure(status, key, name, message, headers=headers))


def bare(status: int, **headers: str) -> Refused:
    """A refusal without a body."""
    return Refused(Failure(status, headers=headers))


def not_found(kind: str, entity_id: object) -> Refused:
    message = f"{kind} with given identifier {{{entity_id}}} does not exist."
    info = {"type": kind, "entityId": str(entity_id)}
    name = REPOSITORY + "EntityNotFoundException"
    return Refused(Failure(404, "repo.entityNotFound", name, message, info))


def not_readable() -> Refused:
    name = REST + "MessageNotReadableException"
    message = "The given request body is not well formed"
    return Refused(Failure(400, "rest.body.notReadable", name, message))


def violation(field_name: str, reason: str) -> Refused:
    """The body is well formed, and the field breaks a rule."""
    name = "jakarta.validation.ConstraintViolationException"
    message = f"{field_name} {reason}."
    info = {"field": field_name}
    return Refused(Failure(400, "repo.constraintViolation", name, message, info))


def error_response(error: Exception) -> HttpResponse:
    """The answer to whatever a view raised."""
    failure = failure_of(error)
    body = failure.body()
    response = HttpResponse(body, status=failure.status, headers=failure.headers)
    response.headers["Content-Type"] = "application/json" if body else "text/plain"
    if not body:
        del response.headers["Content-Type"]
    # What a caller does wrong is no warning of ours, and a failure is in the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def failure_of(error: Exception) -> Failure:
    """What `error` is on the wire; what nobody expected is logged and called internal."""
    match error:
        case Refused():
            return error.failure
        case TooMany():
            return before(429, **{"Retry-After": str(error.seconds)}).failure
        case DomainError():
            return _of_domain(error)
        case _:
            return _of_framework(error)


def _of_framework(error: Exception) -> Failure:
    if isinstance(error, WrongMediaType):
        return before(415).failure
    if isinstance(error, RequestDataTooBig):
        return before(413).failure
    if isinstance(error, UNREADABLE):
        return not_readable().failure
    if has_met_another(error):
        log.warning("a call of hawkBit's API met another one", exc_info=error)
        name = REPOSITORY + "ConcurrentModificationException"
        return Failure(409, "repo.concurrentModification", name, MODIFIED)
    log.error("a call of hawkBit's API failed", exc_info=error)
    name = REPOSITORY + "GenericServerException"
    return Failure(500, "repo.genericError", name, "An internal error occurred")


def _of_domain(error: DomainError) -> Failure:
    by_kind = (known for kind, known in OF_KIND.items() if isinstance(error, kind))
    status, key, name = OF_CODE.get(error.code) or next(by_kind)
    info = {"field": error.field} if error.field else {}
    return Failure(status, key, name, error.message, info)
