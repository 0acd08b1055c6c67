"""Saved filters, as lists and filters know them."""

from fleet.models import Language
from query.declaring import choice, identifier, json, moment, text
from query.listing import Listing

SAVED_FILTERS = Listing(
    "saved-filters",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="old kernels"),
        text("query", "The condition, in its language", example="attribute.kernel=lt=6.1"),
        choice(
            "language",
            "What it is written in: our own FIQL, or RSQL as hawkBit has it",
            Language.values,
            example="fiql",
        ),
        text("created_by", "Who saved it", example="ada@example.com"),
        moment("created_at", "When it was saved"),
        json("terms", "The same in the terms of Mender's API, where these can say it"),
    ),
    sort=("name",),
)
