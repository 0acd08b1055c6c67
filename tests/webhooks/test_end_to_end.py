"""Receivers that fail, hang, redirect and come back, and a pump as a worker runs it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise

import pytest
from pytest_django import Settings

from fleet.admission import set_status_of_many
from fleet.models import Organization
from tests.make import make_actor, make_device, make_organization
from tests.webhooks.conftest import Make
from tests.webhooks.receiver import Receiver, receiving, status
from webhooks import pump, sending
from webhooks.models import Attempt, Delivery, Webhook
from webhooks.pump import Pump
from webhooks.upkeep import ping

pytestmark = pytest.mark.django_db(transaction=True)

RETRIES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 60.0]


@pytest.fixture(autouse=True)
def _short_pauses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_RETRIES = RETRIES
    monkeypatch.setattr(pump, "PAUSE", 0.02)


@pytest.fixture
def pumping() -> Iterator[Pump]:
    made = Pump()
    made.start()
    yield made
    made.stop()
    wait_until(lambda: not made._busy)


def wait_until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def accept(home: Organization, count: int) -> None:
    devices = [make_device(home, status="pending").id for _ in range(count)]
    actor = make_actor(home)
    set_status_of_many(actor=actor, organization=home, devices=devices, status="accepted")


@pytest.mark.usefixtures("pumping")
def test_nothing_is_lost_and_nothing_is_sent_before_its_time(
    home: Organization, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "READ", 0.4)
    monkeypatch.setattr(sending, "DEADLINE", 0.6)
    away = status(302, Location=receiver.url)
    course = [status(500), receiver.hang, away, receiver.trickle, status(429), status(200)]
    receiver.answer = course[0]
    accept(home, 20)
    for number, answer in enumerate(course[1:], start=1):
        wait_until(lambda number=number: Webhook.objects.filter(failures__gte=number).exists())
        receiver.answer = answer
    accept(home, 20)
    wait_until(lambda: Delivery.objects.filter(state="delivered").count() == 40)

    webhook.refresh_from_db()
    assert (webhook.failures, webhook.is_enabled) == (0, True)
    sent = set(map(str, Delivery.objects.values_list("event__id", flat=True)))
    assert {received.id for received in receiver.received} == sent
    said = list(Attempt.objects.exclude(error="").values_list("error", flat=True))
    assert said[:8] == ["It answered 500."] * 8
    assert [text.split(" ")[0:3] for text in said[8:]] == [
        ["It", "took", "the"],
        ["It", "answered", "302,"],
        ["No", "whole", "answer"],
        ["It", "answered", "429."],
    ]
    # Eight at once, then one probe after each pause of the table.
    tries = list(Attempt.objects.order_by("at").values_list("at", flat=True)[7:13])
    for pause, (before, after) in zip(RETRIES, pairwise(tries), strict=False):
        assert (after - before).total_seconds() >= pause
    heard = [received.at for received in receiver.received[7:13]]
    for pause, (before, after) in zip(RETRIES, pairwise(heard), strict=False):
        assert after - before >= pause - 0.05
    for delivery in Delivery.objects.filter(attempts__gt=1).prefetch_related("log"):
        own = [attempt.at for attempt in delivery.log.all()]
        for pause, (before, after) in zip(RETRIES, pairwise(own), strict=False):
            assert (after - before).total_seconds() >= pause


@pytest.mark.usefixtures("pumping")
def test_twenty_that_hang_hold_up_nobody(
    home: Organization, webhook: Webhook, receiver: Receiver, make_webhook: Make
) -> None:
    with ExitStack() as stack:
        for number in range(20):
            other = stack.enter_context(receiving())
            other.answer = other.hang
            there = make_organization()
            ping(
                actor=make_actor(there),
                webhook=make_webhook(there, other.url, name=f"hangs {number}"),
            )
        wait_until(lambda: Webhook.objects.filter(lease__isnull=False).count() == 20)
        begun = time.monotonic()
        accept(home, 8)
        wait_until(lambda: webhook.deliveries.filter(state="delivered").count() == 8)
        assert time.monotonic() - begun < 1
