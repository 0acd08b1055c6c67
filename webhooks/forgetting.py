"""What is old is deleted, some at a time."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from webhooks.models import Attempt, Delivery, DeliveryQuerySet, Event, Webhook

KEPT = timedelta(days=30)
BATCH = 2000
DROP = "forget_deleted_webhook"


def forget_old() -> int:
    """Delete events a month after they happened, with their deliveries, whatever came of them."""
    old = Event.objects.filter(at__lt=timezone.now() - KEPT).order_by("at")
    deleted = 0
    while numbers := list(old.values_list("number", flat=True)[:BATCH]):
        with transaction.atomic():
            _drop(Delivery.objects.filter(event__in=numbers))
            deleted += Event.objects.filter(number__in=numbers).delete()[0]
    return deleted


def forget_former_secrets() -> None:
    """Delete the secrets that do not sign any more."""
    over = Webhook.objects.filter(former_until__lt=timezone.now())
    over.update(former_secret="", former_until=None)


@transaction.atomic
def drop_batch(webhook_number: int) -> bool:
    """Delete up to BATCH of what a deleted webhook leaves; whether there may be more."""
    mine = Delivery.objects.filter(webhook=webhook_number).order_by("number")
    numbers = list(mine.values_list("number", flat=True)[:BATCH])
    _drop(Delivery.objects.filter(number__in=numbers))
    return len(numbers) == BATCH


def _drop(deliveries: DeliveryQuerySet) -> None:
    """From the leaves down: nothing is read into memory to find what hangs on it."""
    Attempt.objects.filter(delivery__in=deliveries.values("number")).delete()
    deliveries.delete()
