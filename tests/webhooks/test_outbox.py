"""What has happened is written down in its transaction, for whom it concerns."""

from typing import Any

import pytest
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.admission import (
    decommission,
    dismiss,
    preauthorize,
    request_authorization,
    set_status,
    set_status_of_many,
)
from fleet.alerts import Told
from fleet.keys import normalise
from fleet.models import Device, Organization
from fleet.monitoring import report_alerts
from tests.make import make_actor, make_device, make_key, make_organization
from tests.webhooks.conftest import Make
from webhooks.models import Delivery, Event
from webhooks.outbox import send_to
from webhooks.upkeep import disable_webhook

pytestmark = pytest.mark.django_db


def accept(device: Device) -> None:
    actor = make_actor(device.organization)
    set_status(actor=actor, auth_set=device.auth_sets.get(), status="accepted")


def kinds() -> list[str]:
    return list(Event.objects.order_by("number").values_list("kind", flat=True))


def test_what_is_rolled_back_is_not_told(home: Organization, make_webhook: Make) -> None:
    make_webhook(home)
    device = make_device(home, status="pending")
    with transaction.atomic():
        accept(device)
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


def test_each_webhook_gets_what_it_asked_for(home: Organization, make_webhook: Make) -> None:
    both = ["device.accepted", "device.decommissioned"]
    one, two = make_webhook(home), make_webhook(home, events=both)
    three = make_webhook(home, events=["alert.raised"])
    make_webhook(make_organization())
    device = make_device(home, status="pending")
    accept(device)
    decommission(actor=make_actor(home), device=device)
    assert kinds() == ["device.accepted", "device.decommissioned"]
    assert [hook.deliveries.count() for hook in (one, two, three)] == [2, 2, 0]
    assert Delivery.objects.count() == 4


def test_without_a_webhook_it_costs_one_query(home: Organization, make_webhook: Make) -> None:
    devices = [make_device(home, status="pending").id for _ in range(30)]
    make_webhook(home, events=["alert.raised"])
    with CaptureQueriesContext(transaction.get_connection()) as queries:
        set_status_of_many(
            actor=make_actor(home), organization=home, devices=devices, status="accepted"
        )
    asked = [query["sql"] for query in queries if "webhooks_" in query["sql"]]
    assert len(asked) == 1
    assert not Event.objects.exists()


def test_five_thousand_devices_are_told_in_batches(home: Organization, make_webhook: Make) -> None:
    webhook = make_webhook(home)
    devices = Device.objects.bulk_create(
        Device(
            organization=home,
            identity={"n": number},
            identity_digest=f"{number:064}",
            name=f"edge-{number}",
            status="pending",
        )
        for number in range(5000)
    )
    with CaptureQueriesContext(transaction.get_connection()) as queries:
        set_status_of_many(
            actor=make_actor(home),
            organization=home,
            devices=[device.id for device in devices],
            status="accepted",
        )
    assert webhook.deliveries.count() == 5000
    # For each batch of 200: who wants it, the events, the deliveries; SQLite takes less at once.
    assert len([query for query in queries if "webhooks_" in query["sql"]]) <= 25 * 6


def test_a_webhook_that_is_deleted_at_this_moment_undoes_nothing(home: Organization) -> None:
    """Whoever tells of something has read that the webhook is there, and then it is not."""
    event = Event.objects.create(organization=home, kind="ping")
    send_to([event], {4711: {"ping"}})
    assert Delivery.objects.count() == 1
    assert not Delivery.objects.of(home).exists()


def test_a_disabled_webhook_is_told_of_nothing(home: Organization, make_webhook: Make) -> None:
    disable_webhook(actor=make_actor(home), webhook=make_webhook(home))
    accept(make_device(home, status="pending"))
    assert not Event.objects.exists()


def test_admission_is_told(home: Organization, make_webhook: Make) -> None:
    make_webhook(home)
    actor, key = make_actor(home), normalise(make_key().pem)
    call = {"organization": home, "identity": {"mac": "1"}, "public_key": key}
    request_authorization(**call)
    request_authorization(**call)
    device = Device.objects.get()
    accept(device)
    request_authorization(**call | {"public_key": normalise(make_key().pem)})
    set_status_of_many(actor=actor, organization=home, devices=[device.id], status="rejected")
    dismiss(actor=actor, auth_set=device.auth_sets.first())
    early = {"organization": home, "identity": {"mac": "2"}, "public_key": key}
    preauthorize(actor=actor, **early)
    request_authorization(**early)
    assert [kind.removeprefix("device.") for kind in kinds()] == [
        *("pending", "accepted", "pending", "rejected", "dismissed", "preauthorized", "accepted")
    ]
    by = [data["actor"]["kind"] for data in Event.objects.values_list("data", flat=True)]
    assert by == ["device", "user", "device", "user", "user", "user", "device"]


def test_alerts_are_told(home: Organization, make_webhook: Make) -> None:
    make_webhook(home)
    device = make_device(home, name="edge-1")

    def say(level: str) -> Told:
        return Told("disk", level, timezone.now(), "root", "disk", "full")

    report_alerts(device=device, alerts=[say("CRITICAL"), say("OK")])
    assert kinds() == ["alert.raised", "alert.cleared"]
    data: Any = Event.objects.first().data
    assert (data["alert"]["subject"]["name"], data["device"]["name"]) == ("root", "edge-1")
