"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from functools import cache
from typing import Any

from api.carbonblack.openapi import devices, jobs, service_jobs
from api.carbonblack.openapi.operations import SCHEMAS
from api.json_bodies import encode
from api.openapi.document import Dialect
from api.openapi.schema import COUNT

AREAS = {
    "Sensor update jobs": jobs,
    "Job Service": service_jobs,
    "Devices": devices,
}
OPERATIONS = [operation for area in AREAS.values() for operation in area.OPERATIONS]
DIALECT = Dialect(
    title="Carbon Black's Sensor Update Services, as Slipway speaks them",
    areas={tag: area.OPERATIONS for tag, area in AREAS.items()},
    schemas=dict(SCHEMAS)
    | {name: each for area in AREAS.values() for name, each in area.SCHEMAS.items()},
    security_schemes={
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-AUTH-TOKEN"},
        "bearer": {"type": "http", "scheme": "bearer"},
    },
    headers={"Retry-After": COUNT},
    with_headers={429: ["Retry-After"]},
)


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    return DIALECT.described()
