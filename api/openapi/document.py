"""An OpenAPI document, put together from the calls of the areas of a dialect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.openapi.operations import JSON, Answer, Body, Operation, Parameter, phrase
from api.openapi.schema import Schema, ref


@dataclass(frozen=True)
class Dialect:
    """What its document is made of: `areas` are its calls, by the title of their area.

    Refusals have the schema "Error", but for the `bare` statuses, which have no body. `headers`
    are all that answers may have, `always` those that each one has. JSON goes out in each of the
    `media_types`.
    """

    title: str
    areas: Mapping[str, Sequence[Operation]]
    schemas: Mapping[str, Schema]
    security_schemes: Mapping[str, Any]
    headers: Mapping[str, Schema] = field(default_factory=dict)
    always: Sequence[str] = ()
    bare: frozenset[int] = frozenset()
    with_headers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    media_types: Sequence[str] = (JSON,)

    def described(self) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        for tag, operations in self.areas.items():
            for operation in operations:
                described = self._operation(operation, tag)
                paths.setdefault(operation.path, {})[operation.method.lower()] = described
        return {
            "openapi": "3.1.0",
            "info": {"title": self.title, "version": "1"},
            "tags": [{"name": tag} for tag in self.areas],
            "paths": paths,
            "components": {
                "schemas": dict(self.schemas),
                "responses": self._refusals(),
                "headers": {name: {"schema": schema} for name, schema in self.headers.items()},
                "securitySchemes": dict(self.security_schemes),
            },
        }

    def _operation(self, operation: Operation, tag: str) -> dict[str, Any]:
        refused = {*operation.refuses, *operation.by_rule} - set(operation.answers)
        responses = {
            str(status): self._answer(answer) for status, answer in operation.answers.items()
        }
        responses |= {
            str(status): {"$ref": f"#/components/responses/{status}"} for status in refused
        }
        described: dict[str, Any] = {
            "operationId": f"{operation.method} {operation.path}",
            "summary": operation.summary,
            "tags": [tag],
            "security": operation.security,
            "parameters": list(_parameters(operation.parameters)),
            "responses": dict(sorted(responses.items())),
        }
        if operation.body:
            described["requestBody"] = _body(operation.body)
        return described | ({"deprecated": True} if operation.is_deprecated else {})

    def _refusals(self) -> dict[str, Any]:
        """What comes with the error body of the dialect, or with none, by status."""
        operations = [each for area in self.areas.values() for each in area]
        statuses = {status for each in operations for status in (*each.refuses, *each.by_rule)}
        return {
            str(status): self._answer(
                Answer(
                    phrase(status),
                    None if status in self.bare else ref("Error"),
                    headers=self.with_headers.get(status, ()),
                )
            )
            for status in sorted(statuses)
            if status >= 300
        }

    def _answer(self, answer: Answer) -> dict[str, Any]:
        headers = [*self.always, *answer.headers]
        described: dict[str, Any] = {
            "description": answer.description,
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        }
        if answer.schema is not None:
            described["content"] = self._content(answer.media_type, answer.schema)
            described["content"] |= {media_type: {} for media_type in answer.also}
        return described

    def _content(self, media_type: str, schema: Schema) -> dict[str, Any]:
        """What is not JSON needs no schema, and tools would look for JSON in it if it had one."""
        if media_type != JSON:
            return {media_type: {}}
        return {each: {"schema": schema} for each in self.media_types}


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
