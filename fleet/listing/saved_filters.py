"""Saved filters, as lists and filters know them."""

from query.declaring import identifier, json, moment, text
from query.listing import Listing

SAVED_FILTERS = Listing(
    "saved-filters",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="old kernels"),
        text("query", "The condition, in FIQL", example="attribute.kernel=lt=6.1"),
        text("created_by", "Who saved it", example="ada@example.com"),
        moment("created_at", "When it was saved"),
        json("terms", "The same in the terms of Mender's API, where these can say it"),
    ),
    key="id",
    sort=("name",),
)
