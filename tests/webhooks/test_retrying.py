"""A receiver that fails: when it is tried again, what waits with it, and when that ends."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from auditlog.models import AuditEntry
from fleet.models import Organization
from tests.make import make_actor
from tests.webhooks.receiver import Receiver, status
from webhooks import pump
from webhooks.delivering import LEASE, deliver, ready
from webhooks.models import Delivery, Webhook
from webhooks.schedule import next_try
from webhooks.upkeep import enable_webhook, ping

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def schedule(settings: Settings) -> None:
    settings.WEBHOOK_RETRIES = [60, 600]


def send(home: Organization, webhook: Webhook, times: int = 1) -> list[Delivery]:
    """Events to be sent; asking for them must not let a webhook that fails be tried at once."""
    before = Webhook.objects.get(pk=webhook.pk)
    made = [ping(actor=make_actor(home), webhook=webhook) for _ in range(times)]
    Webhook.objects.filter(pk=webhook.pk).update(next_attempt_at=before.next_attempt_at)
    return made


def wait(webhook: Webhook, seconds: float) -> None:
    """Let time pass: everything is due that much earlier."""
    span = timedelta(seconds=seconds)
    webhook.refresh_from_db()
    if webhook.next_attempt_at:
        Webhook.objects.update(next_attempt_at=webhook.next_attempt_at - span)
    for delivery in Delivery.objects.pending():
        Delivery.objects.filter(pk=delivery.pk).update(due_at=delivery.due_at - span)


def test_the_table_says_when(settings: Settings) -> None:
    now = timezone.now()
    for failures, pause in [(1, 60), (2, 600)]:
        for _ in range(50):
            at = next_try(failures, after=now)
            assert at
            assert timedelta(seconds=pause) <= at - now <= timedelta(seconds=pause * 1.1)
    assert next_try(3, after=now) is None


def test_a_failure_is_tried_again_when_it_is_due_and_not_before(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    send(home, webhook)
    receiver.answer = status(500)
    assert deliver(webhook.pk) == 1
    receiver.answer = status(200)
    wait(webhook, 59)
    assert deliver(webhook.pk) == 0
    wait(webhook, 8)
    assert deliver(webhook.pk) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.next_attempt_at) == (0, None, None)
    assert len({received.id for received in receiver.received}) == 1


def test_while_it_fails_all_else_waits_and_one_is_tried(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(500)
    send(home, webhook)
    deliver(webhook.pk)
    later = send(home, webhook, 30)
    assert deliver(webhook.pk) == 0
    wait(webhook, 66)
    assert deliver(webhook.pk) == 1
    receiver.answer = status(200)
    wait(webhook, 660)
    assert deliver(webhook.pk) == 31
    assert not Delivery.objects.pending().exists()
    ids = [received.id for received in receiver.received[2:]]
    assert set(ids) >= {str(delivery.event.id) for delivery in later[1:]}


def test_one_event_that_is_refused_does_not_hold_up_the_others(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    [poison, *others] = send(home, webhook, 4)

    def answer(handler):
        is_poison = handler.headers["webhook-id"] == str(poison.event.id)
        status(500 if is_poison else 200)(handler)

    receiver.answer = answer
    for seconds in (0, 66, 660):
        wait(webhook, seconds)
        deliver(webhook.pk)
    assert {Delivery.objects.get(pk=each.pk).state for each in others} == {"delivered"}
    poison.refresh_from_db()
    assert (poison.state, poison.attempts, poison.error) == ("failed", 3, "It answered 500.")
    webhook.refresh_from_db()
    assert webhook.is_enabled


def test_after_the_last_pause_it_is_disabled_and_says_so(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(503)
    send(home, webhook, 2)
    for seconds in (0, 66, 660):
        wait(webhook, seconds)
        deliver(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    assert webhook.disabled_at
    assert "3 tries in a row" in webhook.disabled_reason
    assert "It answered 503." in webhook.disabled_reason
    entry = AuditEntry.objects.filter(object_kind="webhook", actor_kind="system").get()
    assert entry.change == {"is_enabled": [True, False], "reason": webhook.disabled_reason}
    assert Delivery.objects.pending().count() == 2
    wait(webhook, 100_000)
    assert deliver(webhook.pk) == 0
    receiver.answer = status(200)
    enable_webhook(actor=make_actor(home), webhook=webhook)
    assert deliver(webhook.pk) == 2
    assert not Delivery.objects.pending().exists()


def test_one_that_is_gone_is_disabled_at_once(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(410)
    send(home, webhook)
    deliver(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    assert "410" in webhook.disabled_reason


def test_one_sender_at_a_time_and_a_dead_one_is_succeeded(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    send(home, webhook)
    claim = Webhook.objects.filter(pk=webhook.pk)
    claim.update(lease=webhook.id, lease_until=timezone.now() + LEASE)
    assert deliver(webhook.pk) == 0
    claim.update(lease_until=timezone.now())
    assert list(ready()) == [webhook]
    assert deliver(webhook.pk) == 1
    webhook.refresh_from_db()
    assert webhook.lease is None


def test_a_secret_that_cannot_be_read_disables_it(
    home: Organization, webhook: Webhook, receiver: Receiver, settings: Settings
) -> None:
    send(home, webhook)
    settings.SECRET_KEY = "another" * 10
    deliver(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_enabled
    assert "Rotate the secret" in webhook.disabled_reason
    assert receiver.received == []


def test_the_pump_takes_no_more_than_its_share_of_those_that_fail(
    home: Organization, webhook: Webhook, make_webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "SENDERS", 4)
    monkeypatch.setattr(pump, "PROBES", 2)
    hooks = [make_webhook(home, name=str(number)) for number in range(8)]
    for hook in hooks:
        ping(actor=make_actor(home), webhook=hook)
    failing = [hook.pk for hook in hooks[:4]]
    Webhook.objects.filter(pk__in=failing).update(failures=1, failing_since=timezone.now())
    begun: list[int] = []
    made = pump.Pump()
    monkeypatch.setattr(made, "_begin", lambda number, is_failing: begun.append(number))
    made.turn()
    assert len(begun) == 4
    assert not set(begun) & set(failing)
    Delivery.objects.filter(webhook__in=hooks[4:]).delete()
    begun.clear()
    made.turn()
    assert begun == failing[:2]
