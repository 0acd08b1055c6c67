"""A filter, read aloud."""

from collections.abc import Mapping
from typing import Any

from fleet.models import Language

SIGNS = {
    "$eq": "is",
    "$ne": "is not",
    "$gt": ">",
    "$gte": "≥",
    "$lt": "<",
    "$lte": "≤",
    "$in": "is one of",
    "$nin": "is none of",
    "$regex": "contains",
    "$ltne": "is less, or is not there:",
}


def terms_in_words(kept: Mapping[str, Any] | None) -> list[str]:
    """One phrase for each term of a saved filter, the scope left out where it is inventory.

    What was written in FIQL is said as it was written, and so is what says its language.
    """
    if query := (kept or {}).get("query"):
        language = (kept or {}).get("language")
        return [f"{query} ({Language(language).label})" if language else query]
    return [_said(term) for term in (kept or {}).get("terms", [])]


def _said(term: Mapping[str, Any]) -> str:
    scope, name = term.get("scope", ""), term.get("attribute", "")
    named = str(name) if scope == "inventory" else f"{scope}/{name}"
    kind, value = str(term.get("type", "")), term.get("value")
    if kind == "$exists":
        return f"{named} is {'not ' if value in (False, 'false') else ''}there"
    values = value if isinstance(value, list) else [value]
    return f"{named} {SIGNS.get(kind, kind)} {', '.join(map(str, values))}"
