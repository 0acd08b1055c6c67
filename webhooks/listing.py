"""Webhooks and what was sent, as lists, filters and exports know them."""

from django.db.models import Case, CharField, TextChoices, Value, When

from query.aggregates import counted
from query.columns import TextValue
from query.declaring import boolean, choice, identifier, json, moment, number, text
from query.listing import Column, Kind, Listing
from webhooks.kinds import KINDS
from webhooks.models import Delivery


class Health(TextChoices):
    """How a webhook does, from what it keeps."""

    WORKING = "working"
    FAILING = "failing"
    DISABLED = "disabled"


HEALTH = Case(
    When(is_enabled=False, then=Value(Health.DISABLED.value)),
    When(failures__gt=0, then=Value(Health.FAILING.value)),
    default=Value(Health.WORKING.value),
    output_field=CharField(),
)

WEBHOOKS = Listing(
    "webhooks",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="warehouse"),
        text("url", "Where events are sent", example="https://hooks.example.com/slipway"),
        json("events", "Kinds of events that are sent"),
        Column(
            name="health",
            kind=Kind.CHOICE,
            help="Whether its receiver takes what is sent",
            choices=tuple(Health.values),
            read=HEALTH,
            target=TextValue(HEALTH),
            is_observed=True,
            example="failing",
        ),
        boolean("is_enabled", "Whether anything is sent", is_observed=True, example="true"),
        moment("disabled_at", "When it was disabled", is_nullable=True, is_observed=True),
        text("disabled_by", "Who disabled it: Slipway, if its receiver failed", is_observed=True),
        text("disabled_reason", "Why it was disabled", is_observed=True),
        moment(
            "failing_since",
            "When the first of the present failures was",
            is_nullable=True,
            is_observed=True,
        ),
        number("failures", "How many tries in a row have failed", is_observed=True),
        moment(
            "next_attempt_at",
            "Before then nothing is tried, because the last tries failed",
            is_nullable=True,
            is_observed=True,
        ),
        moment(
            "delivered_at",
            "When its receiver last took something",
            is_nullable=True,
            is_observed=True,
        ),
        number(
            "pending",
            "How many deliveries wait",
            read=counted(Delivery.objects.pending(), "webhook"),
            target=None,
            sort_by=None,
            is_shown=False,
            is_observed=True,
        ),
        moment(
            "former_until",
            "Until then the secret before the last rotation signs too",
            is_nullable=True,
            is_observed=True,
        ),
        moment("created_at", "When it was made"),
        text("created_by", "Who made it", example="admin@example.com"),
        moment("updated_at", "When somebody changed it last", is_observed=True),
    ),
    sort=("name",),
)

DELIVERIES = Listing(
    "webhook-deliveries",
    (
        identifier("id", "Identifier", is_indexed=True),
        identifier("webhook.id", "Webhook it is for", path="webhook__id"),
        text("webhook.name", "Name of that", path="webhook__name", example="warehouse"),
        identifier("event.id", "Event, and the webhook-id that is sent", path="event__id"),
        choice("event.type", "Kind of the event", KINDS, path="event__kind", example="ping"),
        choice("state", "What became of it", Delivery.State.values, example="delivered"),
        number("attempts", "How often it was tried"),
        number("status_code", "What the receiver answered last", is_nullable=True),
        text("error", "Why the last try failed"),
        moment("created_at", "When the event happened", is_indexed=True),
        moment("due_at", "Before then it is not tried, or tried again"),
        moment("finished_at", "When it was delivered or given up", is_nullable=True),
        identifier("resent_from", "Delivery that this repeats", is_nullable=True),
        json("event.data", "What the event says", read="event__data", is_shown=False),
    ),
    sort=("-created_at",),
)

ATTEMPTS = Listing(
    "attempts",
    (
        number("number", "Number of the try", is_indexed=True),
        moment("at", "When it began"),
        number("duration_ms", "How long it took, in milliseconds"),
        number("status_code", "What the receiver answered, null if it did not", is_nullable=True),
        text("error", "What went wrong, empty if nothing did"),
        text("response", "Beginning of what the receiver said"),
    ),
    sort=("-number",),
)
