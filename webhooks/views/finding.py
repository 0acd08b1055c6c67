"""The webhook and the delivery that an address names."""

from uuid import UUID

from fleet.errors import NotFound
from fleet.pages import PageRequest
from webhooks.models import Delivery, Webhook


def find(request: PageRequest, webhook_id: UUID) -> Webhook:
    """One of the organization; raises NotFound("webhook_unknown")."""
    found = Webhook.objects.of(request.organization).filter(id=webhook_id).first()
    if found is None:
        raise NotFound("webhook_unknown", "There is no such webhook.")
    return found


def find_delivery(request: PageRequest, webhook_id: UUID, delivery_id: UUID) -> Delivery:
    """One of the webhook, with its event; raises NotFound("delivery_unknown")."""
    rows = Delivery.objects.of(request.organization).select_related("event", "webhook")
    found = rows.filter(webhook__id=webhook_id, id=delivery_id).first()
    if found is None:
        raise NotFound("delivery_unknown", "There is no such delivery.")
    return found
