"""Devices, as lists, filters, tables and exports know them."""

from collections.abc import Callable

from django.db.models import JSONField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from fleet.filters import target_of
from fleet.states import Admission
from query.compiling import Target
from query.declaring import choice, identifier, json, mapping, moment, text
from query.listing import Listing


def _of_scope(scope: str) -> Callable[[tuple[str, ...]], Target]:
    def target_at(path: tuple[str, ...]) -> Target:
        return target_of((scope, path[0]))

    return target_at


def _scope(name: str) -> Coalesce:
    """The attributes of one scope as a JSON object, empty for what never reported."""
    return Coalesce(
        KeyTransform(name, "inventory__attributes"),
        Value({}, JSONField()),
        output_field=JSONField(),
    )


DEVICES = Listing(
    "devices",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="edge-0042"),
        choice("status", "Admission", Admission.values, is_indexed=True, example="accepted"),
        text("group", "Static group, empty if it is in none", is_indexed=True, example="lab"),
        text("device_type", "Type that it reported", is_indexed=True, example="raspberrypi4"),
        text("software", "Release that it runs, as far as is known", example="gateway-2.4.1"),
        moment("created_at", "When it became known", is_indexed=True),
        moment("updated_at", "When something about it changed last"),
        moment("seen_at", "When it called last", read="contact__seen_at", is_nullable=True),
        json("identity", "What it identifies itself by"),
        mapping(
            "attribute",
            "What it reported of itself, by name",
            read=_scope("inventory"),
            target_at=_of_scope("inventory"),
            is_shown=False,
            example="kernel",
        ),
        mapping(
            "tag",
            "Tags that people gave it, by name",
            read=_scope("tags"),
            target_at=_of_scope("tags"),
            example="region",
        ),
    ),
    sort=("name",),
    named=True,
)
