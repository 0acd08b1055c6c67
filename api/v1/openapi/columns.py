"""What a listing tells, as JSON Schema."""

from collections.abc import Iterable
from typing import Any

from query.listing import Column, Kind, Listing

Schema = dict[str, Any]

TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.CHOICE: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.SET: {"type": "array", "items": {"type": "string"}},
    Kind.MAP: {"type": "object", "additionalProperties": True},
    Kind.JSON: {},
}
PROBLEM: Schema = {
    "type": "object",
    "description": "A failure, as RFC 9457 describes it.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; each is in the documentation."},
        "detail": {"type": "string", "description": "A sentence for people."},
        "field": {"type": "string", "description": "The input that is wrong."},
        "errors": {
            "type": "array",
            "description": "Everything that is wrong in the body.",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["field", "code", "detail"],
            },
        },
        "position": {
            "type": "integer",
            "description": "Where in the condition, in characters from 0.",
        },
        "found": {"type": "string", "description": "What stands there, empty at its end."},
        "expected": {"type": "array", "items": {"type": "string"}},
        "request_id": {"type": "string", "description": "Finds a failure in the server's log."},
    },
    "required": ["type", "title", "status", "code", "detail"],
}
COUNT: Schema = {
    "type": ["object", "null"],
    "description": "How many things match, if the call asked for `count`.",
    "properties": {"value": {"type": "integer"}, "is_exact": {"type": "boolean"}},
    "required": ["value", "is_exact"],
}
PAGE: Schema = {
    "type": ["string", "null"],
    "format": "uri",
    "description": "Address of the page beside this one.",
}


def names_of(listing: Listing) -> str:
    """What one thing of the listing is called in the document: "AuthSet" of "auth-sets"."""
    *first, last = listing.name.replace("_", "-").split("-")
    last = f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")
    return "".join(word.capitalize() for word in (*first, last))


def words_of(listing: Listing) -> str:
    return listing.name.replace("-", " ").replace("_", " ")


def schema_of(column: Column) -> Schema:
    """The type of a column's values; null belongs to it where there may be none."""
    schema = TYPES[column.kind] | {"description": f"{column.help}."}
    if column.choices:
        schema["enum"] = list(column.choices)
    if column.example and column.kind in {Kind.TEXT, Kind.CHOICE}:
        schema["examples"] = [column.example]
    if column.is_nullable and "type" in schema:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"].append(None)
    return schema


def whole(listing: Listing) -> Schema:
    """One thing with all of its columns."""
    return {**_object(listing.columns), "required": [column.name for column in listing.columns]}


def row(listing: Listing) -> Schema:
    """One line of a list: the columns that are shown, or those that `fields` names."""
    return _object(listing.columns)


def page(items: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": items},
            "next": PAGE,
            "previous": PAGE,
            "count": COUNT,
        },
        "required": ["items", "next", "previous", "count"],
    }


def _object(columns: Iterable[Column]) -> Schema:
    return {
        "type": "object",
        "properties": {column.name: schema_of(column) for column in columns},
    }
