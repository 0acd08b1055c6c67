"""Exports, as lists and filters know them: jobs of one kind."""

import time
from datetime import UTC, datetime
from typing import Any

from django.db.models import TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from api.v1.exports.links import link_of
from jobs.models import Job
from query.columns import TextValue
from query.declaring import choice, identifier, json, moment, number, text
from query.listing import Column, Kind, Listing


def _argument(name: str) -> Coalesce:
    return Coalesce(KT(f"arguments__{name}"), Value(""), output_field=TextField())


def _link(result: dict[str, Any] | None) -> str | None:
    """While there is something to fetch."""
    if not result or result["expires"] < time.time():
        return None
    return link_of(result["export"], result["name"], result["expires"])


def _expiry(result: dict[str, Any] | None) -> datetime | None:
    return datetime.fromtimestamp(result["expires"], UTC) if result else None


RESOURCE = _argument("resource")
EXPORTS = Listing(
    "exports",
    (
        identifier("id", "Identifier, that of the job", is_indexed=True),
        Column(
            name="resource",
            kind=Kind.TEXT,
            help="List that is exported, as in its address",
            read=RESOURCE,
            target=TextValue(RESOURCE),
            example="devices",
        ),
        json("query", "What of the list: the parameters of its address", read="arguments__query"),
        choice("state", "How far it has come", Job.State.values, example="done"),
        number("progress", "How much of it is done, in percent"),
        text("error", "Why it failed, or why the last attempt did"),
        json("row_count", "Rows of the table, once it is done", read="result__rows"),
        json("size", "Bytes of the file, once it is done", read="result__size"),
        Column(
            name="link",
            kind=Kind.JSON,
            help="Where to fetch the file, once it is done and until `expires_at`: it is signed",
            read="result",
            tell=_link,
        ),
        Column(
            name="expires_at",
            kind=Kind.MOMENT,
            help="Until when the file is kept",
            is_nullable=True,
            read="result",
            tell=_expiry,
        ),
        moment("created_at", "When it was asked for", is_indexed=True),
        moment("finished_at", "When it was done, or given up", is_nullable=True),
    ),
    key="id",
    sort=("-created_at",),
)
