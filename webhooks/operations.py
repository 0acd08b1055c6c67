"""Making, changing and deleting webhooks, and their secrets."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.errors import Conflict, Invalid, LimitReached
from fleet.models import Organization
from fleet.permissions import require
from fleet.texts import is_storable
from jobs.queue import enqueue
from webhooks import signing
from webhooks.destinations import Destination
from webhooks.forgetting import DROP, drop_batch
from webhooks.kinds import EventKind
from webhooks.models import Webhook
from webhooks.rows import locked, subject_of

MOST = 20
NAME_LENGTH = 128
# For so long after a rotation the former secret signs too.
OVERLAP = timedelta(hours=24)


@transaction.atomic
def create_webhook(
    *,
    actor: Actor,
    organization: Organization,
    name: str,
    destination: Destination,
    events: Iterable[str],
) -> tuple[Webhook, str]:
    """Make a webhook; returns it with its secret, which is shown this once.

    Raises Invalid("webhook_name_invalid", "event_kind_unknown"), Conflict("webhook_exists"),
    LimitReached("webhook_limit") past twenty of an organization.
    """
    require(actor, "webhooks.add_webhook")
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if Webhook.objects.of(organization).count() >= MOST:
        raise LimitReached("webhook_limit", f"An organization has at most {MOST} webhooks.")
    secret = signing.fresh()
    webhook = Webhook(
        organization=organization,
        name=_name(name),
        url=destination.url,
        events=_kinds(events),
        secret=signing.encrypted(secret),
        created_by=actor.name[:512],
    )
    _save(webhook, force_insert=True)
    record(
        actor,
        Action.CREATE,
        subject_of(webhook),
        {"url": _place(webhook.url), "events": webhook.events},
    )
    return webhook, secret


@transaction.atomic
def change_webhook(
    *,
    actor: Actor,
    webhook: Webhook,
    name: str | None = None,
    destination: Destination | None = None,
    events: Iterable[str] | None = None,
) -> Webhook:
    """Change what is not None; raises as `create_webhook`, and NotFound("webhook_unknown").

    What waits is sent to the new address. A webhook that fails is tried there at once.
    """
    current = locked(actor, "webhooks.change_webhook", webhook)
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = _name(name)
    if destination is not None:
        wanted["url"] = destination.url
    if events is not None:
        wanted["events"] = _kinds(events)
    before = {field: getattr(current, field) for field in wanted}
    change = {name: [before[name], now] for name, now in wanted.items() if before[name] != now}
    if not change:
        return current
    for field, (_before, now) in change.items():
        setattr(current, field, now)
    if "url" in change:
        current.next_attempt_at = None
    current.updated_at = timezone.now()
    _save(current, update_fields=[*change, "next_attempt_at", "updated_at"])
    if "url" in change:
        change["url"] = list(map(_place, change["url"]))
    record(actor, Action.UPDATE, subject_of(current), change)
    return current


@transaction.atomic
def delete_webhook(*, actor: Actor, webhook: Webhook) -> None:
    """Forget a webhook, what waits for it and what was sent; raises NotFound("webhook_unknown").

    Nothing of it is seen any more; what there is of it is deleted by and by, for it may be much.
    """
    current = locked(actor, "webhooks.delete_webhook", webhook)
    record(actor, Action.DELETE, subject_of(current), {"url": _place(current.url)})
    number, organization_id = current.pk, current.organization_id
    current.delete()
    if drop_batch(number):
        enqueue(DROP, {"webhook": number}, organization_id=organization_id)


@transaction.atomic
def rotate_secret(*, actor: Actor, webhook: Webhook) -> str:
    """Give the webhook a new secret, shown this once; the former one signs too for a day.

    Raises NotFound("webhook_unknown").
    """
    current = locked(actor, "webhooks.change_webhook", webhook)
    secret, now = signing.fresh(), timezone.now()
    try:
        signing.decrypted(current.secret)
        current.former_secret, current.former_until = current.secret, now + OVERLAP
    except signing.Unreadable:
        current.former_secret, current.former_until = "", None
    current.secret, current.updated_at = signing.encrypted(secret), now
    current.save(update_fields=["secret", "former_secret", "former_until", "updated_at"])
    record(actor, Action.UPDATE, subject_of(current), {"secret": "rotated"})
    return secret


def _save(webhook: Webhook, **how: Any) -> None:
    try:
        with transaction.atomic():
            webhook.save(**how)
    except IntegrityError as error:
        text = f"There is a webhook {webhook.name} already."
        raise Conflict("webhook_exists", text, field="name") from error


def _place(url: str) -> str:
    """What the audit log has of an address: more people read that than may know the rest."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def _name(name: str) -> str:
    if not name.strip() or len(name) > NAME_LENGTH or not is_storable(name):
        text = f"A name has 1 to {NAME_LENGTH} characters."
        raise Invalid("webhook_name_invalid", text, field="name")
    return name.strip()


def _kinds(events: Iterable[str]) -> list[str]:
    """Each once, in the order of the documentation; raises Invalid("event_kind_unknown")."""
    asked = set(events)
    if unknown := sorted(asked - set(EventKind.values)):
        text = f"There is no kind of event {unknown[0][:64]}."
        raise Invalid("event_kind_unknown", text, field="events")
    if not asked:
        raise Invalid("event_kind_unknown", "At least one kind of event is needed.", field="events")
    return [kind for kind in EventKind.values if kind in asked]
