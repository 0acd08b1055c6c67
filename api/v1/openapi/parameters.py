"""The parameters and headers that calls have in common, as OpenAPI describes them."""

from collections.abc import Iterator
from typing import Any

from api.v1.asking import DEFAULT_LIMIT, MOST
from api.v1.filtering import parameter_names
from query.counting import Counting
from query.listing import Column, Kind, Listing
from query.parameters import parameters_of

Parameter = dict[str, Any]

# Of the parameters that columns give; the others are texts that say more than one value.
TYPES = {Kind.NUMBER: "number", Kind.BOOLEAN: "boolean"}


def list_parameters(listing: Listing) -> list[Parameter]:
    """What the list takes in its address."""
    return [
        _query("q", _about_conditions(listing), {"type": "string"}) | _examples(listing),
        _query("sort", _about_sorting(listing), {"type": "string"}),
        _query(
            "fields",
            "The columns to tell, with commas between: "
            f"{_listed(column.name for column in listing.columns)}. A member of a map is "
            "`name.member`.",
            {"type": "string"},
        ),
        _query(
            "limit",
            "How many at most on a page of JSON; of CSV there is no limit unless one is named.",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
        ),
        _query("cursor", "Where a page begins: from `next` or `previous`.", {"type": "string"}),
        _query(
            "count",
            "Whether to count what matches: exactly, roughly and at once, or not.",
            {"type": "string", "enum": list(Counting), "default": str(Counting.NONE)},
        ),
        _query(
            "format",
            "As `Accept`, for where headers cannot be set.",
            {"type": "string", "enum": ["json", "csv"]},
        ),
        *_column_parameters(listing),
    ]


def _column_parameters(listing: Listing) -> Iterator[Parameter]:
    filters = parameters_of(listing).base_filters
    for name in parameter_names(listing):
        found = filters[name]
        schema = {"type": TYPES.get(found.column.kind, "string")}
        yield _query(name, f"{found.extra['help_text'].removesuffix('.')}.", schema)


def _about_conditions(listing: Listing) -> str:
    names = _listed(_asked(column) for column in listing.filterable)
    return f"A condition in FIQL. It can ask for {names}."


def _examples(listing: Listing) -> Parameter:
    """Everything, so that nothing is selected before somebody asks for it, and conditions."""
    found = {f"by {column.name}": {"value": _example(column)} for column in _exemplary(listing)}
    return {"examples": {"everything": {"value": ""}, **found}} if found else {}


def _exemplary(listing: Listing) -> list[Column]:
    return [column for column in listing.filterable if column.example][:3]


def _example(column: Column) -> str:
    """What the column is asked for; of values by name, that there is one of that name."""
    if column.kind == Kind.MAP:
        return f"{column.name}.{column.example}=not=null"
    sign = "=ge=" if column.kind == Kind.NUMBER else "=="
    return f"{column.name}{sign}{_quoted(column.example)}"


def _quoted(text: str) -> str:
    is_plain = all(letter.isalnum() or letter in "-_." for letter in text)
    return text if is_plain else f"'{text}'"


def _asked(column: Column) -> str:
    return f"{column.name}.…" if column.kind == Kind.MAP else column.name


def _about_sorting(listing: Listing) -> str:
    names = _listed(column.name for column in listing.sortable)
    start = f" It begins with `{','.join(listing.sort)}`." if listing.sort else ""
    return f"Columns to sort by, with commas between, `-` in front for descending: {names}.{start}"


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _query(name: str, description: str, schema: dict[str, Any]) -> Parameter:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _header(name: str, description: str, **schema: Any) -> Parameter:
    schema = {"type": "string"} | schema
    return {"name": name, "in": "header", "description": description, "schema": schema}


IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "Any text of up to 255 characters that names this very call: sent again within 24 hours, it "
    "is not done again but answered as the first time.",
    pattern="^[ -~]{1,255}$",
)
IF_MATCH = _header(
    "If-Match", "The `ETag` of what was seen: if somebody has changed it since, 412."
)
IF_NONE_MATCH = _header("If-None-Match", "The `ETag` of what is known: if it still is so, 304.")
ORGANIZATION = _header(
    "Slipway-Organization",
    "Key of the organization to act in; without it the one that the token is for, or that was "
    "chosen or joined first.",
)
ETAG = {"description": "What `If-Match` and `If-None-Match` name.", "schema": {"type": "string"}}
LOCATION = {
    "description": "Where it is to be found.",
    "schema": {"type": "string", "format": "uri-reference"},
}
RETRY_AFTER = {
    "description": "In how many seconds there is room again.",
    "schema": {"type": "integer"},
}
