"""The few JSON Schema words that the descriptions of calls are written in."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
TIME: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
ANYTHING: Schema = {}
BYTES: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}


def text(*, most: int | None = None, least: int | None = None) -> Schema:
    bounds = {"maxLength": most, "minLength": least}
    return TEXT | {name: bound for name, bound in bounds.items() if bound is not None}


def whole(least: int, most: int | None = None) -> Schema:
    return WHOLE | {"minimum": least} | ({} if most is None else {"maximum": most})


def choice(*words: str) -> Schema:
    return TEXT | {"enum": list(words)}


def array(items: Schema, **bounds: int) -> Schema:
    return {"type": "array", "items": items, **bounds}


def mapping(values: Schema = ANYTHING) -> Schema:
    """An object with any keys."""
    return {"type": "object", "additionalProperties": values}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """What we answer: an object with these keys and no other."""
    return _object(required, optional) | {"additionalProperties": False}


def asked(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """What a caller sends: keys beyond these are passed over, and null is as good as nothing."""
    return _object(required, {name: nullable(each) for name, each in (optional or {}).items()})


def ref(name: str) -> Schema:
    """One of the shared schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None) -> Schema:
    schema: Schema = {"type": "object", "properties": required | (optional or {})}
    return schema | ({"required": list(required)} if required else {})
