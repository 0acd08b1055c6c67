"""What follows from tries: delivered, again later, given up, or the webhook is disabled."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from auditlog.actor import Actor, system
from auditlog.models import Action
from auditlog.record import record
from webhooks.models import Attempt, Delivery, Webhook
from webhooks.rows import subject_of
from webhooks.schedule import last_pause, next_try
from webhooks.sending import GONE, Outcome

log = logging.getLogger(__name__)

State = Delivery.State
VIA = "webhooks"
UNREADABLE = (
    "Its secret cannot be read: the server's own secret is another one than it was. "
    "Rotate the secret, then enable it."
)


@transaction.atomic
def settle(number: int, outcomes: Sequence[Outcome]) -> None:
    """Write down what came of tries that were made at the same time.

    One success says that the receiver is there: what failed beside it has its own pause. If all
    failed, everything for this webhook waits for the next pause of the table, and once that is
    used up, or the receiver says that it is gone, the webhook is disabled.
    """
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=number).first()
    if webhook is None:  # deleted meanwhile, with its deliveries
        return
    now = timezone.now()
    Attempt.objects.bulk_create([outcome.attempt for outcome in outcomes])
    _note_delivered([outcome for outcome in outcomes if not outcome.error], now)
    for outcome in outcomes:
        if outcome.error:
            _note_failed(webhook, outcome, now)
    if any(not outcome.error for outcome in outcomes):
        _works(webhook, now)
    else:
        _fails(webhook, outcomes[0], now)
    if any(outcome.status_code == GONE for outcome in outcomes):
        disable_with(webhook, "Its receiver answered 410: it is gone for good.", now)


def disable_unreadable(number: int) -> None:
    """Disable a webhook that nothing can be signed for."""
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=number).first()
        if webhook is not None:
            disable_with(webhook, UNREADABLE, timezone.now())


def disable_with(webhook: Webhook, reason: str, now: datetime) -> None:
    """Disable the locked webhook, as Slipway itself; one that is disabled keeps its reason."""
    if not webhook.is_enabled:
        return
    log.warning("webhook %s was disabled: %s", webhook.id, reason)
    disable(system(webhook.organization_id, via=VIA), webhook, reason, now)


def disable(actor: Actor, webhook: Webhook, reason: str, now: datetime) -> None:
    """Write down that the locked webhook is disabled, by whom and why."""
    webhook.is_enabled, webhook.updated_at = False, now
    webhook.disabled_at, webhook.disabled_by = now, actor.name[:512]
    webhook.disabled_reason = reason[:512]
    webhook.save(
        update_fields=[
            *("is_enabled", "disabled_at", "disabled_by", "disabled_reason", "updated_at"),
        ]
    )
    change = {"is_enabled": [True, False], "reason": reason}
    record(actor, Action.UPDATE, subject_of(webhook), change)


def _note_delivered(outcomes: Sequence[Outcome], now: datetime) -> None:
    """In one statement for all that were answered alike."""
    numbers: dict[int | None, list[int]] = {}
    for outcome in outcomes:
        numbers.setdefault(outcome.status_code, []).append(outcome.delivery.pk)
    for status_code, alike in numbers.items():
        Delivery.objects.filter(number__in=alike).update(
            state=State.DELIVERED,
            attempts=F("attempts") + 1,
            finished_at=now,
            status_code=status_code,
            error="",
        )


def _note_failed(webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    delivery = outcome.delivery
    delivery.attempts += 1
    delivery.status_code, delivery.error = outcome.status_code, outcome.error
    if due_at := next_try(delivery.attempts, after=now):
        delivery.due_at = due_at
    elif webhook.delivered_at is not None and webhook.delivered_at > delivery.created_at:
        # The receiver took what came after it: it is this event that it will not have.
        delivery.state, delivery.finished_at = State.FAILED, now
    else:
        delivery.due_at = last_pause(after=now)
    delivery.save(
        update_fields=["state", "attempts", "due_at", "finished_at", "status_code", "error"]
    )


def _works(webhook: Webhook, now: datetime) -> None:
    webhook.failures, webhook.failing_since, webhook.next_attempt_at = 0, None, None
    webhook.delivered_at = now
    _save(webhook)


def _fails(webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or outcome.at
    webhook.next_attempt_at = next_try(webhook.failures, after=now)
    _save(webhook)
    if webhook.next_attempt_at is None:
        tries = f"{webhook.failures:,} tries in a row"
        reason = f"Nothing was taken in {tries} since {webhook.failing_since:%d %b %Y %H:%M} UTC."
        disable_with(webhook, f"{reason} The last one: {outcome.error}", now)


def _save(webhook: Webhook) -> None:
    webhook.save(update_fields=["failures", "failing_since", "next_attempt_at", "delivered_at"])
