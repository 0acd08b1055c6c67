"""The OpenAPI document of the dialect, put together from the calls of all areas."""

from collections.abc import Iterable
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
from api.mender.openapi.operations import (
    JSON,
    Answer,
    Body,
    Caller,
    Operation,
    Parameter,
    phrase,
)
from api.mender.openapi.schema import COUNT, TEXT, ref
from api.mender.request_ids import HEADER

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
REFUSED = ref("Error")
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
SECURITY: dict[Caller, list[dict[str, list[str]]]] = {
    Caller.ANYBODY: [],
    Caller.DEVICE: [{"device": []}],
    Caller.PERSON: [{"person": []}],
    Caller.PERMITTED: [{"person": []}],
}


@cache
def document() -> bytes:
    """The document as JSON; there is nothing in it that differs between two calls."""
    return encode(described())


def described() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for tag, area in AREAS.items():
        for operation in area.OPERATIONS:
            paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
                operation, tag
            )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mender API, as Slipway speaks it", "version": "1"},
        "tags": [{"name": tag} for tag in AREAS],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": _refusals(),
            "headers": {name: {"schema": schema} for name, schema in HEADERS.items()},
            "securitySchemes": {"device": BEARER, "person": BEARER},
        },
    }


def _operation(operation: Operation, tag: str) -> dict[str, Any]:
    refused = {*operation.refuses, *operation.by_rule} - set(operation.answers)
    responses = {str(status): _answer(answer) for status, answer in operation.answers.items()}
    responses |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in refused}
    described: dict[str, Any] = {
        "operationId": f"{operation.method} {operation.path}",
        "summary": operation.summary,
        "tags": [tag],
        "security": SECURITY[operation.caller],
        "parameters": list(_parameters(operation.parameters)),
        "responses": dict(sorted(responses.items())),
    }
    if operation.body:
        described["requestBody"] = _body(operation.body)
    return described | ({"deprecated": True} if operation.is_deprecated else {})


def _refusals() -> dict[str, Any]:
    """What comes with Mender's error body, by status."""
    statuses = {status for operation in OPERATIONS for status in operation.statuses}
    refusals = sorted(status for status in statuses if status >= 400)
    waits: dict[int, list[str]] = {429: ["Retry-After"]}
    return {
        str(status): _answer(Answer(phrase(status), REFUSED, headers=waits.get(status, [])))
        for status in refusals
    }


def _parameters(parameters: Iterable[Parameter]) -> Iterable[dict[str, Any]]:
    for parameter in parameters:
        yield {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.is_required,
            "schema": parameter.schema,
        }


def _body(body: Body) -> dict[str, Any]:
    content = {media_type: {"schema": body.schema} for media_type in body.media_types}
    return {"required": body.is_required, "content": content}


def _answer(answer: Answer) -> dict[str, Any]:
    headers = [HEADER, *answer.headers]
    described: dict[str, Any] = {
        "description": answer.description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
    }
    if answer.schema is not None:
        # What is not JSON needs no schema, and tools would look for JSON in it if it had one.
        is_json = answer.media_type == JSON
        described["content"] = {answer.media_type: {"schema": answer.schema} if is_json else {}}
    return described
