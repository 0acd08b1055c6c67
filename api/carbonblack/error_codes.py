"""What errors of the domain are in Carbon Black's words: status and `error_code`.

SUS_4005 is the seed's; the others follow its pattern, or are those of the whole platform.
"""

from enum import StrEnum

from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound


class Code(StrEnum):
    """`error_code`, which programs compare."""

    MALFORMED_REQUEST = "SUS_4000_MALFORMED_REQUEST"
    MISSING_FIELD = "SUS_4001_MISSING_FIELD"
    INVALID_FIELD_TYPE = "SUS_4002_INVALID_FIELD_TYPE"
    INVALID_ENUM_VALUE = "SUS_4003_INVALID_ENUM_VALUE"
    INVALID_CRITERIA_FIELD = "SUS_4004_INVALID_CRITERIA_FIELD"
    INVALID_JOB_NAME_LENGTH = "SUS_4005_INVALID_JOB_NAME_LENGTH"
    INVALID_KIT_TYPE = "SUS_4006_INVALID_KIT_TYPE"
    UNKNOWN_DEVICE = "SUS_4007_UNKNOWN_DEVICE"
    UNKNOWN_SENSOR_VERSION = "SUS_4008_UNKNOWN_SENSOR_VERSION"
    INVALID_ROWS = "SUS_4009_INVALID_ROWS"
    JOB_NOT_STOPPABLE = "SUS_4010_JOB_NOT_STOPPABLE"
    EMPTY_JOB_NAME = "SUS_4011_EMPTY_JOB_NAME"
    INVALID_QUERY = "SUS_4012_INVALID_QUERY"
    INVALID_TARGETS = "SUS_4013_INVALID_TARGETS"
    INVALID_VALUE = "SUS_4014_INVALID_VALUE"
    NOT_ALLOWED_NOW = "SUS_4015_NOT_ALLOWED_NOW"
    LIMIT_REACHED = "SUS_4016_LIMIT_REACHED"
    UNAUTHORIZED = "UNAUTHORIZED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    CONFLICT = "CONFLICT"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


# What is not as its kind of domain error suggests, by the domain's code.
OF_CODE: dict[str, Code] = {
    "malformed_body": Code.MALFORMED_REQUEST,
    "unknown_kit_type": Code.INVALID_KIT_TYPE,
    "unknown_version": Code.UNKNOWN_SENSOR_VERSION,
}
# The details of a domain error that its `args` have, in this order.
ARGS_OF_CODE: dict[str, tuple[str, ...]] = {
    "unknown_kit_type": ("kit_type",),
    "unknown_version": ("kit_type", "version"),
}
OF_KIND: dict[type[DomainError], tuple[int, Code]] = {
    Forbidden: (403, Code.FORBIDDEN),
    NotFound: (404, Code.NOT_FOUND),
    Conflict: (400, Code.NOT_ALLOWED_NOW),
    LimitReached: (400, Code.LIMIT_REACHED),
    Invalid: (400, Code.INVALID_VALUE),
    DomainError: (400, Code.INVALID_VALUE),
}
