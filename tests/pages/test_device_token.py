"""The security token of a device, on its page."""

import pytest

from tests.make import make_target
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(home):
    return make_target(home, "gw-1", security_token="secret-1")


def url(device):
    return f"/devices/{device.id}/"


def judge(client, device, status):
    answer = client.post(f"{url(device)}token/", {"status": status}, follow=True)
    device.refresh_from_db()
    return words(answer)


def test_a_device_that_has_only_a_token_is_told_so(client, device):
    text = words(client.get(url(device)))
    for said in ("gw-1", "Accepted", "Security token", "Reject this token"):
        assert said in text
    assert "No key is on file" not in text
    assert "secret-1" not in text
    assert "gw-1" in words(client.get("/devices/"))


def test_a_token_is_rejected_and_accepted(client, device):
    assert "Token rejected." in judge(client, device, "rejected")
    assert device.status == "rejected"
    assert "Accept this token" in words(client.get(url(device)))
    assert "Token accepted." in judge(client, device, "accepted")
    assert device.status == "accepted"


def test_the_list_rejects_and_accepts_such_devices_with_the_others(client, device):
    ticked = {"verb": "reject", "device": [device.number], "confirmed": "yes"}
    assert "1 device rejected." in words(client.post("/devices/decide/", ticked, follow=True))
    device.refresh_from_db()
    assert device.status == "rejected"


def test_who_may_not_decide_gets_no_buttons(visit, device):
    viewer = visit("viewer")
    assert "Reject this token" not in viewer.get(url(device)).content.decode()
    assert viewer.post(f"{url(device)}token/", {"status": "rejected"}).status_code == 403


def test_a_device_of_others_has_no_token_here(client):
    elsewhere = make_target(controller_id="gw-1")
    assert client.post(f"{url(elsewhere)}token/", {"status": "rejected"}).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.status == "accepted"
