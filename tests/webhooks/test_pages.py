"""The dashboard's pages about webhooks."""

import re

import pytest
from django.test import Client

from fleet.models import Organization, Role
from tests.make import make_actor, make_organization, make_user
from tests.pages.reading import words
from tests.webhooks.conftest import Make
from tests.webhooks.receiver import Receiver, status
from webhooks.delivering import deliver
from webhooks.models import Delivery, Webhook
from webhooks.signing import decrypted
from webhooks.upkeep import disable_webhook, ping

pytestmark = pytest.mark.django_db

NEW = {"name": "warehouse", "url": "http://1.1.1.1/", "events": ["device.accepted", "alert.raised"]}


@pytest.fixture
def client(home: Organization) -> Client:
    client = Client()
    client.force_login(make_user(organization=home, is_staff=True))
    return client


def test_one_gets_there_by_the_menu_and_learns_what_it_is_for(client: Client) -> None:
    assert 'href="/webhooks/"' in client.get("/devices/").content.decode()
    assert "Nobody is told of anything yet" in words(client.get("/webhooks/"))


def test_one_is_added_and_its_secret_shown_once(client: Client) -> None:
    answer = client.post("/webhooks/new/", NEW)
    [secret] = re.findall(r"whsec_[\w+/]+=", answer.content.decode())
    webhook = Webhook.objects.get()
    assert decrypted(webhook.secret) == secret
    assert "no-store" in answer["Cache-Control"]
    page = client.get(f"/webhooks/{webhook.id}/")
    assert secret not in page.content.decode()
    assert "Nothing was sent yet" in words(page)
    assert "warehouse" in words(client.get("/webhooks/"))
    rotated = client.post(f"/webhooks/{webhook.id}/rotate/").content.decode()
    assert re.findall(r"whsec_[\w+/]+=", rotated) != [secret]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://localhost/"}, "The name localhost leads into a private network"),
        ({"url": "gopher://x/"}, "An address begins with https://"),
        ({"events": []}, "Choose at least one kind of event."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, wrong: dict[str, object], said: str
) -> None:
    answer = client.post("/webhooks/new/", NEW | wrong)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Webhook.objects.exists()


def test_it_is_changed_and_deleted(client: Client, webhook: Webhook) -> None:
    form = client.get(f"/webhooks/{webhook.id}/change/").content.decode()
    assert form.count(" checked") == len(webhook.events)
    client.post(f"/webhooks/{webhook.id}/change/", NEW)
    webhook.refresh_from_db()
    assert (webhook.name, webhook.events) == ("warehouse", NEW["events"])
    assert "Delete warehouse?" in words(client.get(f"/webhooks/{webhook.id}/delete/"))
    assert "warehouse is deleted." in words(
        client.post(f"/webhooks/{webhook.id}/delete/", follow=True)
    )
    assert not Webhook.objects.exists()


def test_a_test_is_sent_and_its_answer_read_and_sent_once_more(
    client: Client, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(200, b"thanks <b>")
    sent = client.post(f"/webhooks/{webhook.id}/test/")["Location"]
    assert "Not tried yet" in words(client.get(sent))
    deliver(webhook.pk)
    page = client.get(sent)
    assert "Delivered" in words(page)
    assert "thanks &lt;b&gt;" in page.content.decode()
    assert "&quot;type&quot;: &quot;ping&quot;" in page.content.decode()
    assert "It is sent once more" in words(client.post(f"{sent}resend/", follow=True))
    assert Delivery.objects.count() == 2
    assert "Show all deliveries" in words(client.get(f"/webhooks/{webhook.id}/?show=failed"))
    page = client.get(f"/webhooks/{webhook.id}/?show=delivered").content.decode()
    [link] = re.findall(r'href="(/api/v1/webhook-deliveries[^"]*)"', page)
    table = client.get(link.replace("&amp;", "&")).getvalue().decode()
    assert len(table.splitlines()) == 2


def test_a_failing_and_a_disabled_one_say_why_and_what_to_do(
    home: Organization, client: Client, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(500)
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    page = words(client.get(f"/webhooks/{webhook.id}/"))
    assert "1 try in a row failed. 1 delivery waits." in page
    disable_webhook(actor=make_actor(home), webhook=webhook, reason="It moved house.")
    page = words(client.get(f"/webhooks/{webhook.id}/"))
    assert "It moved house." in page
    assert "Enable it and send 1" in page
    client.post(f"/webhooks/{webhook.id}/enable/")
    webhook.refresh_from_db()
    assert webhook.is_enabled
    client.post(f"/webhooks/{webhook.id}/disable/")
    webhook.refresh_from_db()
    assert "Disabled by" in webhook.disabled_reason
    assert "webhook disabled" not in words(client.get("/devices/"))


def test_every_page_says_that_slipway_has_disabled_one(
    home: Organization, client: Client, webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = status(410)
    ping(actor=make_actor(home), webhook=webhook)
    deliver(webhook.pk)
    assert "1 webhook disabled" in words(client.get("/devices/"))


def test_only_administrators_see_the_pages(home: Organization, webhook: Webhook) -> None:
    client = Client()
    client.force_login(make_user(organization=home, role=Role.OPERATOR))
    assert "/webhooks/" not in client.get("/devices/").content.decode()
    for path in ("", "new/", f"{webhook.id}/", f"{webhook.id}/change/", f"{webhook.id}/delete/"):
        assert client.get(f"/webhooks/{path}").status_code == 403, path
    for act in ("test", "enable", "disable", "rotate", "delete"):
        assert client.post(f"/webhooks/{webhook.id}/{act}/").status_code == 403, act


def test_those_of_others_are_not_there(client: Client, make_webhook: Make) -> None:
    other = make_organization()
    webhook = make_webhook(other, name="theirs")
    sent = ping(actor=make_actor(other), webhook=webhook)
    one = f"/webhooks/{webhook.id}/"
    for path in (one, f"{one}change/", f"{one}delete/", f"{one}deliveries/{sent.id}/"):
        assert client.get(path).status_code == 404, path
    for act in ("test", "enable", "disable", "rotate", "delete", f"deliveries/{sent.id}/resend"):
        assert client.post(f"{one}{act}/").status_code == 404, act
    assert "theirs" not in words(client.get("/webhooks/"))


def test_the_admin_shows_them_without_their_secrets(client: Client, webhook: Webhook) -> None:
    sent = ping(actor=make_actor(webhook.organization), webhook=webhook)
    for path in ("webhook/", f"webhook/{webhook.pk}/change/", f"delivery/{sent.pk}/change/"):
        answer = client.get(f"/admin/webhooks/{path}")
        assert answer.status_code == 200, path
        assert webhook.secret not in answer.content.decode()
