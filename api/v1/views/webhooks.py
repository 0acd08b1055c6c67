"""Webhooks: who is told of what happens."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Body, Empty, read
from api.v1.endpoints import Collection, Item, Need, told
from api.v1.openapi.columns import whole
from api.v1.views.webhook_deliveries import sent_answer
from fleet.outgoing.urls import LONGEST
from webhooks import operations, upkeep
from webhooks.destinations import Destination, destination
from webhooks.kinds import EventKind
from webhooks.listing import DELIVERIES, WEBHOOKS
from webhooks.models import Webhook, WebhookQuerySet

CHANGE = "webhooks.change_webhook"
TOLD_ONCE = {"Cache-Control": "no-store"}
_TOLD = whole(WEBHOOKS)
WITH_SECRET: dict[str, Any] = _TOLD | {
    "properties": {
        **_TOLD["properties"],
        "secret": {"type": "string", "description": "In this answer alone."},
    },
    "required": [*_TOLD["required"], "secret"],
}


class NewWebhook(Body):
    """Where to send, and what."""

    name = serializers.CharField(max_length=operations.NAME_LENGTH)
    url = serializers.CharField(max_length=LONGEST)
    events = serializers.ListField(
        child=serializers.ChoiceField(EventKind.choices), min_length=1, max_length=100
    )


class WebhookChange(Body):
    """What is to be different."""

    name = serializers.CharField(max_length=operations.NAME_LENGTH, required=False)
    url = serializers.CharField(max_length=LONGEST, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(EventKind.choices),
        min_length=1,
        max_length=100,
        required=False,
    )


class Disabling(Body):
    """`reason` is shown to people."""

    reason = serializers.CharField(
        max_length=upkeep.REASON_LENGTH, required=False, allow_blank=True, default=""
    )


class WebhookCollection(Collection):
    listing = WEBHOOKS
    needs = {"GET": Need("webhooks.view_webhook"), "POST": Need("webhooks.add_webhook")}

    def rows(self) -> WebhookQuerySet:
        return Webhook.objects.of(self.organization)

    @extend_schema(responses={201: WITH_SECRET})
    def post(self, request: Request) -> Response:
        """Make a webhook. Its `secret` is in this answer alone."""
        body = read(NewWebhook, request)
        webhook, secret = operations.create_webhook(
            actor=self.actor,
            organization=self.organization,
            name=body["name"],
            destination=destination(body["url"]),
            events=body["events"],
        )
        made = told(self.rows().filter(pk=webhook.pk), WEBHOOKS.columns)[0]
        headers = {**TOLD_ONCE, "Location": f"/api/v1/webhooks/{webhook.id}"}
        return Response({**made, "secret": secret}, 201, headers=headers)


class WebhookItem(Item):
    listing = WEBHOOKS
    needs = {
        "GET": Need("webhooks.view_webhook"),
        "PATCH": Need(CHANGE),
        "DELETE": Need("webhooks.delete_webhook"),
    }

    def rows(self) -> WebhookQuerySet:
        return Webhook.objects.of(self.organization)

    def patch(self, request: Request, **names: Any) -> Response:
        """Change what is named. What waits is sent to the new address."""
        body = read(WebhookChange, request, partial=True)
        # The DNS is asked before anything is locked.
        aimed: Destination | None = destination(body["url"]) if "url" in body else None
        with self.changing(**names) as row:
            changed = operations.change_webhook(
                actor=self.actor,
                webhook=row,
                name=body.get("name"),
                destination=aimed,
                events=body.get("events"),
            )
            return Response(self.told(changed))

    def delete(self, request: Request, **names: Any) -> Response:
        """Forget it, what waits for it, and the log of what was sent."""
        with self.changing(**names) as row:
            operations.delete_webhook(actor=self.actor, webhook=row)
        return Response(status=204)


class Act(Item):
    """An act on one webhook."""

    listing = WEBHOOKS
    needs = {"POST": Need(CHANGE)}

    def rows(self) -> WebhookQuerySet:
        return Webhook.objects.of(self.organization)


class EnableWebhook(Act):
    def post(self, request: Request, **names: Any) -> Response:
        """Let a webhook go on: what waits is sent at once."""
        read(Empty, request)
        with self.changing(**names) as row:
            return Response(self.told(upkeep.enable_webhook(actor=self.actor, webhook=row)))


class DisableWebhook(Act):
    def post(self, request: Request, **names: Any) -> Response:
        """Send nothing more to a webhook; what waits is kept."""
        reason = read(Disabling, request)["reason"]
        with self.changing(**names) as row:
            return Response(
                self.told(upkeep.disable_webhook(actor=self.actor, webhook=row, reason=reason))
            )


class RotateSecret(Act):
    @extend_schema(responses={200: WITH_SECRET})
    def post(self, request: Request, **names: Any) -> Response:
        """Make a new secret, which is in this answer alone; the former signs too for a day."""
        read(Empty, request)
        with self.changing(**names) as row:
            secret = operations.rotate_secret(actor=self.actor, webhook=row)
            return Response({**self.told(row), "secret": secret}, headers=TOLD_ONCE)


class PingWebhook(Act):
    @extend_schema(responses={201: DELIVERIES})
    def post(self, request: Request, **names: Any) -> Response:
        """Send an event of type `ping`; the answer is its delivery."""
        read(Empty, request)
        with self.changing(**names) as row:
            return sent_answer(upkeep.ping(actor=self.actor, webhook=row))
