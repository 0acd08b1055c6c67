"""Webhooks and their log in Slipway's own API."""

import re

import pytest

from auditlog.models import AuditEntry
from fleet.models import Role
from tests.api.v1.callers import Caller, caller
from tests.webhooks.conftest import Make
from tests.webhooks.receiver import Receiver, status
from webhooks.delivering import deliver
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db

NEW = {"name": "warehouse", "url": "http://1.1.1.1/hook", "events": ["device.accepted"]}


@pytest.fixture
def admin() -> Caller:
    return caller()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_webhook_is_made_and_its_secret_told_once(admin: Caller) -> None:
    answer = admin.post("/webhooks", NEW)
    made = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"/api/v1/webhooks/{made['id']}"
    assert answer["Cache-Control"] == "no-store"
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made["secret"])
    one = admin.get(f"/webhooks/{made['id']}").json()
    assert one == {name: value for name, value in made.items() if name != "secret"}
    assert (one["health"], one["pending"], one["is_enabled"]) == ("working", 0, True)
    assert [row["name"] for row in admin.get("/webhooks").json()["items"]] == ["warehouse"]
    assert "secret" not in admin.get("/webhooks").content.decode()
    entry = AuditEntry.objects.get(object_kind="webhook")
    assert entry.change == {"url": "http://1.1.1.1/…", "events": ["device.accepted"]}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"url": "http://127.0.0.1/"}, "url_private"),
        ({"url": "ftp://a.example/"}, "url_invalid"),
        ({"events": ["device.exploded"]}, "invalid_body"),
        ({"events": []}, "invalid_body"),
        ({"name": " "}, "invalid_body"),
        ({"secret": "whsec_mine"}, "invalid_body"),
    ],
)
def test_what_cannot_be_is_refused(admin: Caller, wrong: dict[str, object], expected: str) -> None:
    assert code(admin.post("/webhooks", NEW | wrong)) == (400, expected)
    assert not Webhook.objects.exists()


def test_names_are_taken_once_and_there_are_twenty(admin: Caller) -> None:
    assert admin.post("/webhooks", NEW).status_code == 201
    assert code(admin.post("/webhooks", NEW)) == (409, "webhook_exists")
    for number in range(19):
        assert admin.post("/webhooks", NEW | {"name": str(number)}).status_code == 201
    assert code(admin.post("/webhooks", NEW | {"name": "x"})) == (409, "webhook_limit")


def test_it_is_changed_and_deleted(admin: Caller, make_webhook: Make) -> None:
    path = f"/webhooks/{make_webhook(admin.organization).id}"
    changed = admin.patch(path, {"events": ["alert.raised"], "name": "other"}).json()
    assert (changed["events"], changed["name"]) == (["alert.raised"], "other")
    assert code(admin.patch(path, {"url": "nowhere"})) == (400, "url_invalid")
    disabled = admin.post(f"{path}/disable", {"reason": "moving house"}).json()
    assert (disabled["health"], disabled["disabled_reason"]) == ("disabled", "moving house")
    assert code(admin.post(f"{path}/test")) == (409, "webhook_disabled")
    assert admin.post(f"{path}/enable").json()["health"] == "working"
    answer = admin.post(f"{path}/rotate-secret")
    assert "ETag" not in answer.headers
    rotated = answer.json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["former_until"]
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


def test_what_was_sent_is_read_and_sent_once_more(
    admin: Caller, make_webhook: Make, receiver: Receiver
) -> None:
    webhook = make_webhook(admin.organization, receiver.url, name="warehouse")
    receiver.answer = status(202, b"queued")
    tested = admin.post(f"/webhooks/{webhook.id}/test")
    made = tested.json()
    assert (tested.status_code, made["state"], made["event.type"]) == (201, "pending", "ping")
    path = tested["Location"].removeprefix("/api/v1")
    assert code(admin.post(f"{path}/resend")) == (409, "delivery_pending")
    deliver(webhook.pk)
    one = admin.get(path).json()
    assert (one["state"], one["status_code"], one["attempts"]) == ("delivered", 202, 1)
    assert one["event.data"]["webhook"]["name"] == "warehouse"
    [tried] = admin.get(f"{path}/attempts").json()["items"]
    assert (tried["status_code"], tried["response"], tried["error"]) == (202, "queued", "")
    again = admin.post(f"{path}/resend").json()
    assert (again["resent_from"], again["event.id"]) == (made["id"], made["event.id"])
    deliver(webhook.pk)
    assert receiver.received[0].id == receiver.received[1].id == made["event.id"]
    rows = admin.get("/webhook-deliveries", q="state==delivered;webhook.name==ware*").json()
    assert len(rows["items"]) == 2
    table = admin.get("/webhook-deliveries", format="csv", fields="event.type,state")
    assert table.getvalue().decode().splitlines()[1:] == ["ping,delivered", "ping,delivered"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_see_them(role: Role, make_webhook: Make) -> None:
    other = caller(role)
    path = f"/webhooks/{make_webhook(other.organization).id}"
    calls = [
        *(other.get(path), other.get("/webhooks"), other.get("/webhook-deliveries")),
        *(other.post("/webhooks", NEW), other.patch(path, {}), other.delete(path)),
        *(other.post(f"{path}/{act}") for act in ("test", "enable", "disable", "rotate-secret")),
    ]
    assert {answer.status_code for answer in calls} == {403}


def test_those_of_others_are_not_there(admin: Caller, make_webhook: Make) -> None:
    owner = caller()
    webhook = make_webhook(owner.organization)
    delivery = owner.post(f"/webhooks/{webhook.id}/test").json()
    one, sent = f"/webhooks/{webhook.id}", f"/webhook-deliveries/{delivery['id']}"
    calls = [
        *(admin.get(one), admin.get(sent), admin.get(f"{sent}/attempts")),
        *(admin.patch(one, {"name": "x"}), admin.delete(one), admin.post(f"{sent}/resend")),
        *(admin.post(f"{one}/{act}") for act in ("test", "enable", "disable", "rotate-secret")),
    ]
    assert {answer.status_code for answer in calls} == {404}
    for path in ("/webhooks", "/webhook-deliveries"):
        assert admin.get(path).json()["items"] == []
    assert owner.get(sent).status_code == 200
