"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from functools import cache
from typing import Any

from api.digi.openapi import devices, jobs
from api.digi.openapi.components import SCHEMAS
from api.json_bodies import encode
from api.openapi.document import Dialect
from api.openapi.schema import COUNT, TEXT

AREAS = {"Jobs": jobs, "Devices": devices}
OPERATIONS = [operation for area in AREAS.values() for operation in area.OPERATIONS]
DIALECT = Dialect(
    title="Digi's jobs API, as Slipway speaks it",
    areas={tag: area.OPERATIONS for tag, area in AREAS.items()},
    schemas=SCHEMAS,
    security_schemes={
        "basic": {"type": "http", "scheme": "basic"},
        "keyId": {"type": "apiKey", "in": "header", "name": "X-API-KEY-ID"},
        "keySecret": {"type": "apiKey", "in": "header", "name": "X-API-KEY-SECRET"},
    },
    headers={"Retry-After": COUNT, "WWW-Authenticate": TEXT},
    with_headers={401: ["WWW-Authenticate"], 429: ["Retry-After"]},
)


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    return DIALECT.described()
