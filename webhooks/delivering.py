"""What waits for one webhook is sent: oldest first, by one sender at a time.

A webhook is claimed with a lease before anything is sent for it. While its receiver answers, a
few of the oldest deliveries are under way at once; while it fails, one probe at a time, not
before `next_attempt_at`, and all else waits with it. Who dies in between leaves a lease that
runs out: what was under way is sent again, under the same webhook-id.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from webhooks.models import Delivery, Webhook, WebhookQuerySet
from webhooks.outcomes import disable_unreadable, settle
from webhooks.sending import DEADLINE, Outcome, client, send_all
from webhooks.signing import Unreadable, decrypted

AT_ONCE = 8
# How many of the oldest a probe is chosen from.
CANDIDATES = 50
# Longer than anything that happens between two extensions.
LEASE = timedelta(seconds=DEADLINE * 2)
# After so many seconds others have a turn.
TURN = 20.0

log = logging.getLogger(__name__)


def ready() -> WebhookQuerySet:
    """The webhooks for which something may be sent now and nobody is at it."""
    now = timezone.now()
    waiting = Delivery.objects.pending().filter(webhook=OuterRef("pk"), due_at__lte=now)
    return Webhook.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now),
        Q(lease_until=None) | Q(lease_until__lt=now),
        Exists(waiting),
        is_enabled=True,
    )


def deliver(number: int, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Send what is due for the webhook, if the claim on it is ours; returns how many tries it took.

    Ends when nothing is due, when all that were under way have failed, when its turn is over, or
    between two batches once `is_over` says so.
    """
    lease, until = uuid4(), time.monotonic() + TURN
    tries = 0
    if not _claim(number, lease):
        return 0
    with asyncio.Runner() as runner:
        sender = client()
        try:
            while time.monotonic() < until and not is_over():
                webhook = _still_ours(number, lease)
                if webhook is None:
                    break
                batch = _next(webhook)
                if not batch:
                    break
                keys = keys_of(webhook)
                outcomes: list[Outcome] = runner.run(send_all(sender, webhook.url, keys, batch))
                tries += len(outcomes)
                settle(number, outcomes)
        except Unreadable:
            disable_unreadable(number)
        finally:
            _release(number, lease)
            runner.run(sender.aclose())
    return tries


def keys_of(webhook: Webhook) -> list[str]:
    """The secrets that sign now: the present one, and for a while the one before."""
    kept = [webhook.secret]
    if webhook.former_until is not None and webhook.former_until > timezone.now():
        kept.append(webhook.former_secret)
    return [decrypted(secret) for secret in kept]


def _next(webhook: Webhook) -> Sequence[Delivery]:
    """What is to be sent now, oldest first; of a webhook that fails, one that was tried least."""
    due = Delivery.objects.pending().filter(webhook=webhook, due_at__lte=timezone.now())
    oldest = due.select_related("event").order_by("number")
    if not webhook.failures:
        return list(oldest[:AT_ONCE])
    return sorted(oldest[:CANDIDATES], key=lambda one: (one.attempts, one.number))[:1]


def _claim(number: int, lease: UUID) -> bool:
    until = timezone.now() + LEASE
    return bool(ready().filter(pk=number).update(lease=lease, lease_until=until))


def _still_ours(number: int, lease: UUID) -> Webhook | None:
    """The webhook as it is now, the claim extended; None if there is nothing to send for now."""
    now = timezone.now()
    rows = Webhook.objects.filter(pk=number, lease=lease, is_enabled=True)
    rows = rows.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
    return rows.first() if rows.update(lease_until=now + LEASE) else None


def _release(number: int, lease: UUID) -> None:
    Webhook.objects.filter(pk=number, lease=lease).update(lease=None, lease_until=None)
