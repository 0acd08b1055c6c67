"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from functools import cache
from typing import Any

from api.json_bodies import encode
from api.mender.openapi import (
    artifacts,
    auditlogs,
    deployments,
    devauth,
    deviceconfig,
    devicemonitor,
    devices,
    inventory,
    itself,
    releases,
    roles,
    useradm,
)
from api.mender.openapi.components import SCHEMAS
from api.mender.request_ids import HEADER
from api.openapi.document import Dialect
from api.openapi.schema import COUNT, TEXT

AREAS = {
    "Devices": devices,
    "Deployments": deployments,
    "Artifacts": artifacts,
    "Releases": releases,
    "Device authentication": devauth,
    "Device configuration": deviceconfig,
    "Device monitor": devicemonitor,
    "Inventory": inventory,
    "People": useradm,
    "Roles": roles,
    "Audit log": auditlogs,
    "Document": itself,
}
OPERATIONS = [operation for area in AREAS.values() for operation in area.OPERATIONS]
HEADERS = {
    HEADER: TEXT,
    "Content-Range": TEXT,
    "ETag": TEXT,
    "Link": TEXT,
    "Location": TEXT,
    "Retry-After": COUNT,
    "X-Total-Count": COUNT,
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
DIALECT = Dialect(
    title="Mender API, as Slipway speaks it",
    areas={tag: area.OPERATIONS for tag, area in AREAS.items()},
    schemas=SCHEMAS,
    security_schemes={"device": BEARER, "person": BEARER},
    headers=HEADERS,
    always=[HEADER],
    with_headers={429: ["Retry-After"]},
)


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    return DIALECT.described()
