"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from functools import cache
from typing import Any

from api.json_bodies import encode
from api.npm.openapi import common, images, update
from api.openapi.document import Dialect
from api.openapi.schema import COUNT, TEXT, Schema, record

AREAS = {
    "Images": images.OPERATIONS,
    "Update": update.OPERATIONS,
    "The appliance": common.OPERATIONS,
}
OPERATIONS = [operation for area in AREAS.values() for operation in area]
SCHEMAS: dict[str, Schema] = {
    "Error": record({"error_id": TEXT, "error_text": TEXT}),
    **images.SCHEMAS,
    **update.SCHEMAS,
    **common.SCHEMAS,
}
DIALECT = Dialect(
    title="Riverbed NPM system update 2.0, as Slipway speaks it",
    areas=AREAS,
    schemas=SCHEMAS,
    security_schemes={"basic": {"type": "http", "scheme": "basic"}},
    headers={"Retry-After": COUNT, "WWW-Authenticate": TEXT},
    with_headers={401: ["WWW-Authenticate"], 429: ["Retry-After"]},
)


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    return DIALECT.described()
