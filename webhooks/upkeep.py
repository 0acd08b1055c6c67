"""Letting webhooks go on, stopping them, trying them."""

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.errors import Conflict, Invalid
from fleet.texts import is_storable
from webhooks.kinds import PING
from webhooks.models import Delivery, Event, Webhook
from webhooks.outbox import send_to
from webhooks.outcomes import disable
from webhooks.rows import locked, subject_of

CHANGE = "webhooks.change_webhook"
REASON_LENGTH = 512
BY_HAND = "Disabled by {name}."


@transaction.atomic
def enable_webhook(*, actor: Actor, webhook: Webhook) -> Webhook:
    """Let it go on, at once and from the beginning of its schedule; enabled already is no error.

    What waited when it was disabled is sent, oldest first. Raises NotFound("webhook_unknown").
    """
    current = locked(actor, CHANGE, webhook)
    if current.is_enabled:
        return current
    reason, now = current.disabled_reason, timezone.now()
    Webhook.objects.filter(pk=current.pk).update(
        is_enabled=True,
        disabled_at=None,
        disabled_by="",
        disabled_reason="",
        failures=0,
        failing_since=None,
        next_attempt_at=None,
        updated_at=now,
    )
    Delivery.objects.pending().filter(webhook=current, due_at__gt=now).update(due_at=now)
    record(
        actor,
        Action.UPDATE,
        subject_of(current),
        {"is_enabled": [False, True], "was_disabled": reason},
    )
    current.refresh_from_db()
    return current


@transaction.atomic
def disable_webhook(*, actor: Actor, webhook: Webhook, reason: str = "") -> Webhook:
    """Send nothing more to it; what waits is kept, what happens from now on is not told to it.

    Disabled already is no error. Raises NotFound("webhook_unknown"), Invalid("reason_invalid").
    """
    current = locked(actor, CHANGE, webhook)
    if len(reason) > REASON_LENGTH or not is_storable(reason):
        text = f"A reason has at most {REASON_LENGTH} characters."
        raise Invalid("reason_invalid", text, field="reason")
    if current.is_enabled:
        said = reason.strip() or BY_HAND.format(name=actor.name)
        disable(actor, current, said[:REASON_LENGTH], timezone.now())
    return current


@transaction.atomic
def ping(*, actor: Actor, webhook: Webhook) -> Delivery:
    """Send it an event of kind "ping"; raises NotFound, Conflict("webhook_disabled")."""
    current = _awake(actor, webhook)
    event = Event.objects.create(
        organization_id=current.organization_id,
        kind=PING,
        data={"webhook": {"id": str(current.id), "name": current.name}, "sent_by": actor.name},
    )
    send_to([event], {current.pk: {PING}})
    record(actor, Action.UPDATE, subject_of(current), {"tested": str(event.id)})
    return event.deliveries.get()


@transaction.atomic
def resend(*, actor: Actor, delivery: Delivery) -> Delivery:
    """Send the same event once more, as a delivery of its own under the same webhook-id.

    Raises NotFound("webhook_unknown"), Conflict("webhook_disabled", "delivery_pending").
    """
    current = _awake(actor, delivery.webhook)
    if not Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.PENDING).exists():
        raise Conflict("delivery_pending", "This delivery waits and will be sent by itself.")
    again = Delivery.objects.create(
        organization_id=delivery.organization_id,
        webhook=current,
        event_id=delivery.event_id,
        resent_from=delivery.id,
    )
    record(actor, Action.UPDATE, subject_of(current), {"resent": str(delivery.id)})
    return again


def _awake(actor: Actor, webhook: Webhook) -> Webhook:
    """The locked webhook, to be tried now; one that fails need not wait when somebody asks."""
    current = locked(actor, CHANGE, webhook)
    if not current.is_enabled:
        raise Conflict("webhook_disabled", "The webhook is disabled: enable it first.")
    Webhook.objects.filter(pk=current.pk).update(next_attempt_at=None)
    return current
