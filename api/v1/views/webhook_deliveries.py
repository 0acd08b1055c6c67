"""What is sent to webhooks, and what came of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.bodies import Empty, read
from api.v1.endpoints import Collection, Item, Need, told
from webhooks.listing import ATTEMPTS, DELIVERIES
from webhooks.models import Attempt, Delivery, DeliveryQuerySet
from webhooks.upkeep import resend

VIEW = "webhooks.view_webhook"


class DeliveryCollection(Collection):
    listing = DELIVERIES
    needs = {"GET": Need(VIEW)}

    def rows(self) -> DeliveryQuerySet:
        return Delivery.objects.of(self.organization)


class DeliveryItem(Item):
    listing = DELIVERIES
    needs = {"GET": Need(VIEW)}

    def rows(self) -> DeliveryQuerySet:
        return Delivery.objects.of(self.organization)


class ResendDelivery(Item):
    listing = DELIVERIES
    needs = {"POST": Need("webhooks.change_webhook")}

    def rows(self) -> DeliveryQuerySet:
        return Delivery.objects.of(self.organization)

    @extend_schema(responses={201: DELIVERIES})
    def post(self, request: Request, **names: Any) -> Response:
        """Send the same event once more, under the same webhook-id; the answer is the delivery."""
        read(Empty, request)
        with self.changing(**names) as row:
            return sent_answer(resend(actor=self.actor, delivery=row))


class AttemptCollection(Collection):
    """The tries of one delivery."""

    listing = ATTEMPTS
    needs = {"GET": Need(VIEW)}

    def rows(self) -> QuerySet[Attempt]:
        found = Delivery.objects.of(self.organization).filter(id=self.kwargs["id"]).first()
        if found is None:
            raise Http404
        return Attempt.objects.filter(delivery=found)


def sent_answer(delivery: Delivery) -> Response:
    """The answer to a call that made this delivery."""
    made = told(Delivery.objects.filter(pk=delivery.pk), DELIVERIES.columns)[0]
    return Response(made, 201, headers={"Location": f"/api/v1/webhook-deliveries/{delivery.id}"})
