"""The rows of a list that its address selects: by a condition in FIQL and by parameters."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from fleet.conditions import misread_as_invalid
from fleet.filter_names import named_of
from fleet.models import Organization
from query.compiling import compiled
from query.fiql.parsing import parse
from query.listing import Listing
from query.parameters import parameters_of, selected

# What every list takes; a column of such a name is asked for in `q`.
ROWS = ("q", "sort", "fields")
PAGES = ("limit", "cursor", "count", "format")


def parameter_names(listing: Listing) -> list[str]:
    """The parameters that the columns of the listing give."""
    return [name for name in parameters_of(listing).base_filters if name not in ROWS + PAGES]


def filtered(
    rows: QuerySet[Any], query: QueryDict, listing: Listing, organization: Organization
) -> QuerySet[Any]:
    """The rows of `rows` that the address selects.

    Raises Invalid("invalid_filter") for `q`, NotUnderstood for the other parameters.
    """
    text = query.get("q", "")
    if text.strip():
        named = named_of(organization) if listing.named else None
        with misread_as_invalid("q"):
            condition = parse(text, listing, named=named)
        rows = rows.filter(compiled(condition, listing.target_of))
    others = query.copy()
    for name in ROWS + PAGES:
        others.pop(name, None)
    return selected(rows, others, listing)
