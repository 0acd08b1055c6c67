"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from functools import cache
from typing import Any

from api.hawkbit.openapi import actions, ddi, filters, kinds, repository, rollouts, system, targets
from api.hawkbit.openapi.components import SCHEMAS
from api.hawkbit.openapi.operations import HAL, JSON
from api.json_bodies import encode
from api.openapi.document import Dialect
from api.openapi.schema import COUNT, TEXT

AREAS = {
    "Targets": targets,
    "Actions": actions,
    "Target types, tags and groups": kinds,
    "Target filters": filters,
    "Distribution sets and modules": repository,
    "Rollouts": rollouts,
    "Configuration": system,
    "Devices": ddi,
}
OPERATIONS = [operation for area in AREAS.values() for operation in area.OPERATIONS]
DIALECT = Dialect(
    title="hawkBit's APIs, as Slipway speaks them",
    areas={tag: area.OPERATIONS for tag, area in AREAS.items()},
    schemas=SCHEMAS,
    security_schemes={
        "basic": {"type": "http", "scheme": "basic"},
        "bearer": {"type": "http", "scheme": "bearer"},
        "targetToken": {"type": "apiKey", "in": "header", "name": "Authorization"},
    },
    headers={"ETag": TEXT, "Retry-After": COUNT, "WWW-Authenticate": TEXT},
    bare=frozenset({304, 401}),
    with_headers={429: ["Retry-After"]},
    media_types=(HAL, JSON),
)


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    return DIALECT.described()
