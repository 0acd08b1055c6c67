"""Entries of the audit log, as lists, filters and exports know them."""

from auditlog.actor import ActorKind
from auditlog.models import Action
from query.declaring import choice, json, moment, number, text
from query.listing import Listing

AUDIT_ENTRIES = Listing(
    "audit-entries",
    (
        number("number", "Number of the entry", read="id", is_indexed=True),
        moment("at", "When it happened", is_indexed=True),
        choice("actor.kind", "What acted", ActorKind.values, path="actor_kind", example="user"),
        text("actor.id", "Identifier of who acted", path="actor_id"),
        text(
            "actor.name",
            "E-mail of the person, identity of the device",
            path="actor_name",
            example="admin@example.com",
        ),
        text("via", "Where they came in", example="Slipway API"),
        text("token", "Name of the personal access token they used, if they did"),
        text("address", "Network address that they called from", example="192.0.2.7"),
        choice("action", "What they did", Action.values, example="accept"),
        text("object.kind", "To what kind of thing", path="object_kind", example="device"),
        text("object.id", "Identifier of the thing", path="object_id"),
        text("object.name", "What it was called", path="object_name", example="edge-0042"),
        json("change", "What is different since: for each fact a pair, or how it is now"),
    ),
    key="id",
    sort=("-at",),
)
