"""What goes out, and how it is signed."""

import base64
import hashlib
import hmac
import json
import time

import pytest

from fleet.admission import request_authorization, set_status
from fleet.keys import normalise
from fleet.models import Organization
from tests.make import make_actor, make_auth_set, make_device, make_key
from tests.webhooks.receiver import Receiver, status
from webhooks.delivering import deliver
from webhooks.models import Delivery, Webhook
from webhooks.operations import rotate_secret
from webhooks.signing import decrypted
from webhooks.upkeep import ping

pytestmark = pytest.mark.django_db


def is_signed(received, secret: str) -> bool:
    """As a receiver checks it, with nothing of ours."""
    key = base64.b64decode(secret.split("_", 1)[1])
    stamp = received.headers["webhook-timestamp"]
    content = b".".join([received.id.encode(), stamp.encode(), received.body])
    wanted = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return wanted in received.headers["webhook-signature"].split(" ")


def test_an_event_is_sent_signed(home: Organization, webhook: Webhook, receiver: Receiver) -> None:
    device = make_device(home, status="pending", name="edge-1")
    actor = make_actor(home)
    set_status(actor=actor, auth_set=device.auth_sets.get(), status="accepted")
    assert deliver(webhook.pk) == 1
    [received] = receiver.received
    assert received.path == "/hook"
    assert received.headers["content-type"] == "application/json"
    assert received.event["type"] == "device.accepted"
    assert received.event["timestamp"].endswith("Z")
    assert received.event["data"]["device"]["id"] == str(device.id)
    assert received.event["data"]["device"]["status"] == "accepted"
    assert received.event["data"]["actor"]["name"] == actor.name
    assert abs(int(received.headers["webhook-timestamp"]) - time.time()) < 5
    assert is_signed(received, decrypted(webhook.secret))
    assert not is_signed(received, "whsec_AAAA")
    [delivery] = Delivery.objects.all()
    assert (delivery.state, delivery.attempts, delivery.status_code) == ("delivered", 1, 200)
    assert received.id == str(delivery.event.id)


def test_a_device_of_any_identity_can_be_told_of(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    identity = {"serial": 10**30, "name": "\u00e9\U0001f680"}
    key = normalise(make_key().pem)
    request_authorization(organization=home, identity=identity, public_key=key)
    assert deliver(webhook.pk) == 1
    assert json.loads(receiver.received[0].body)["data"]["device"]["identity"] == identity


def test_after_a_rotation_both_secrets_sign_for_a_day(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    former = decrypted(webhook.secret)
    fresh = rotate_secret(actor=make_actor(home), webhook=webhook)
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    assert is_signed(receiver.received[0], fresh)
    assert is_signed(receiver.received[0], former)
    Webhook.objects.update(former_until=webhook.created_at)
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    assert is_signed(receiver.received[1], fresh)
    assert not is_signed(receiver.received[1], former)


def test_a_secret_is_kept_encrypted(webhook: Webhook) -> None:
    secret = decrypted(webhook.secret)
    assert secret.startswith("whsec_")
    assert secret not in webhook.secret


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (302, "It answered 302, a redirect, which is not followed."),
        (404, "It answered 404."),
        (500, "It answered 500."),
    ],
)
def test_what_is_no_success_is_a_failure(
    home: Organization, webhook: Webhook, receiver: Receiver, code: int, said: str
) -> None:
    receiver.answer = status(code, b"sorry", Location=receiver.url)
    ping(actor=make_actor(home), webhook=webhook)
    assert deliver(webhook.pk) == 1
    assert len(receiver.received) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status_code, delivery.error) == ("pending", code, said)
    [attempt] = delivery.log.all()
    assert (attempt.status_code, attempt.error, attempt.response) == (code, said, "sorry")


def test_only_the_beginning_of_an_answer_is_read(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(200, b"y\0" * 10_000_000)
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    response = Delivery.objects.get().log.get().response
    assert response == "y\ufffd" * 512


def test_many_are_sent_in_the_order_in_which_they_happened(
    home: Organization, webhook: Webhook, receiver: Receiver
) -> None:
    device = make_device(home)
    for number in range(20):
        key = make_auth_set(device)
        verdict = "rejected"
        set_status(actor=make_actor(home, name=str(number)), auth_set=key, status=verdict)
    assert deliver(webhook.pk) == 20
    order = [int(received.event["data"]["actor"]["name"]) for received in receiver.received]
    assert sorted(order) == list(range(20))
    # Eight at a time are under way; what is sent later happened later.
    assert all(set(order[n : n + 8]) == set(range(20)[n : n + 8]) for n in range(0, 20, 8))
