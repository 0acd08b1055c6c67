"""The webhook that something is done to, as it is now."""

from auditlog.actor import Actor
from auditlog.record import Subject
from fleet.errors import NotFound
from fleet.permissions import require
from webhooks.models import Webhook


def locked(actor: Actor, permission: str, webhook: Webhook) -> Webhook:
    """Held until the transaction ends; raises Forbidden, NotFound("webhook_unknown")."""
    require(actor, permission)
    current = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook.pk).first()
    if current is None:
        raise NotFound("webhook_unknown", "There is no such webhook any more.")
    return current


def subject_of(webhook: Webhook) -> Subject:
    return Subject("webhook", webhook.id, webhook.name)
