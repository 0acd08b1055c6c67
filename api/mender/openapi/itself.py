"""The document, of itself."""

from api.mender.openapi.operations import Caller, Operation, gives
from api.openapi.schema import mapping

OPERATIONS = [
    Operation(
        *("GET", "/api/mender/openapi.json", "This document"),
        gives(mapping(), "OpenAPI 3.1."),
        caller=Caller.ANYBODY,
    ),
]
