"""What is a month old is deleted, and what hangs on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.models import Organization
from jobs.periodic import PERIODIC
from jobs.running import run_due
from tests.make import make_actor
from tests.webhooks.receiver import Receiver
from webhooks import forgetting
from webhooks.delivering import deliver
from webhooks.models import Attempt, Delivery, Event, Webhook
from webhooks.operations import delete_webhook, rotate_secret
from webhooks.upkeep import ping

pytestmark = pytest.mark.django_db


def test_events_are_kept_for_thirty_days(
    home: Organization, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(7):
        ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    old = Event.objects.order_by("number")[:5].values("number")
    now = timezone.now()
    Event.objects.update(at=now - timedelta(days=29))
    Event.objects.filter(number__in=old).update(at=now - timedelta(days=31))
    PERIODIC["webhooks.forget_old"].work()
    assert [model.objects.count() for model in (Event, Delivery, Attempt)] == [2, 2, 2]


def test_a_former_secret_is_forgotten_when_it_signs_no_more(
    home: Organization, webhook: Webhook
) -> None:
    rotate_secret(actor=make_actor(home), webhook=webhook)
    forget = PERIODIC["webhooks.forget_former_secrets"].work
    forget()
    assert Webhook.objects.exclude(former_secret="").count() == 1
    Webhook.objects.update(former_until=timezone.now() - timedelta(seconds=1))
    forget()
    assert Webhook.objects.exclude(former_secret="").count() == 0


def test_with_a_webhook_go_its_deliveries(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    for _ in range(3):
        ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    delete_webhook(actor=make_actor(home), webhook=webhook)
    assert [model.objects.count() for model in (Webhook, Delivery, Attempt)] == [0, 0, 0]
    assert deliver(webhook.pk or 0) == 0


def test_many_deliveries_go_by_and_by_and_are_not_seen_meanwhile(
    home: Organization, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for _ in range(5):
        ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    delete_webhook(actor=make_actor(home), webhook=webhook)
    assert (Delivery.objects.count(), Delivery.objects.of(home).count()) == (3, 0)
    run_due()
    assert [model.objects.count() for model in (Delivery, Attempt)] == [0, 0]
