"""The `sort` of a list: `field:asc` or `field:desc`."""

from collections.abc import Mapping

from django.http import QueryDict

from fleet.errors import Invalid


def read_order(query: QueryDict, columns: Mapping[str, str]) -> list[str]:
    """What to order by: the columns asked for, else the first of `columns`.

    Raises Invalid("invalid_query") for a field or a direction that is not on offer.
    """
    asked = query.get("sort") or f"{next(iter(columns))}:asc"
    return [_column(part, columns) for part in asked.split(",")]


def _column(part: str, columns: Mapping[str, str]) -> str:
    name, _, direction = part.partition(":")
    if name not in columns or direction not in {"", "asc", "desc"}:
        raise Invalid("invalid_query", f'invalid sort query: "{part[:64]}"', field="sort")
    return f"-{columns[name]}" if direction == "desc" else columns[name]
