"""What has happened is written down for whom it concerns, in the transaction in which it did."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from webhooks.models import Delivery, Event, Webhook

BATCH = 500
Facts = dict[str, Any]


def publish(
    organization_id: UUID,
    kinds: Iterable[str],
    tell: Callable[[], Iterable[tuple[str, Facts]]],
    *,
    at: datetime | None = None,
) -> None:
    """Write events and their deliveries into the caller's transaction.

    `tell` gives a kind, one of `kinds`, and its data for each event. It is called only if some
    webhook of the organization wants one of the kinds: otherwise this costs one query.
    """
    wanting = _wanting(organization_id, set(kinds))
    if not wanting:
        return
    wanted = {kind for kinds_of_one in wanting.values() for kind in kinds_of_one}
    now = at or timezone.now()
    events = Event.objects.bulk_create(
        (
            Event(organization_id=organization_id, kind=kind, at=now, data=data)
            for kind, data in tell()
            if kind in wanted
        ),
        batch_size=BATCH,
    )
    send_to(events, wanting)


def send_to(events: Iterable[Event], wanting: dict[int, set[str]]) -> None:
    """Write a delivery of each event for each webhook (by number) that wants its kind."""
    Delivery.objects.bulk_create(
        (
            Delivery(organization_id=event.organization_id, webhook_id=number, event=event)
            for event in events
            for number, kinds in wanting.items()
            if event.kind in kinds
        ),
        batch_size=BATCH,
    )


def _wanting(organization_id: UUID, kinds: set[str]) -> dict[int, set[str]]:
    """The numbers of the webhooks that want some of the kinds, with those that they want."""
    enabled: QuerySet[Webhook] = Webhook.objects.of(organization_id).filter(is_enabled=True)
    asked = {number: kinds & set(events) for number, events in enabled.values_list("pk", "events")}
    return {number: wanted for number, wanted in asked.items() if wanted}
