"""Accepting, rejecting and letting go from the pages."""

import pytest

from fleet.models import AuthSet, Device
from tests.make import make_auth_set, make_device
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def decide(client, verb, devices=(), **more):
    posted = {"verb": verb, "device": [device.pk for device in devices], **more}
    return client.post("/devices/decide/", posted, follow=True)


def states(*devices):
    return [Device.objects.get(pk=device.pk).status for device in devices]


@pytest.fixture
def waiting(home):
    return [make_device(home, name=f"gw-{number}", status="pending") for number in range(3)]


def test_the_ticked_ones_are_accepted(client, waiting):
    response = decide(client, "accept", waiting[:2])
    assert "2 devices accepted. They may be offered work at their next call." in words(response)
    assert states(*waiting) == ["accepted", "accepted", "pending"]


def test_all_that_match_are_accepted(client, home, waiting):
    other = make_device(home, name="kiosk", status="pending")
    decide(client, "accept", waiting[:1], all="1", filter="?q=gw")
    assert states(*waiting, other) == ["accepted"] * 3 + ["pending"]


def test_rejecting_is_asked_first(client, waiting):
    response = decide(client, "reject", waiting[:2])
    assert "Reject 2 devices?" in words(response)
    assert "gw-0, gw-1" in words(response)
    assert states(*waiting) == ["pending"] * 3
    assert "2 devices rejected." in words(decide(client, "reject", waiting[:2], confirmed="1"))
    assert states(*waiting) == ["rejected", "rejected", "pending"]


def test_what_could_not_be_decided_is_said(client, home, waiting):
    bare = make_device(home, status="noauth")
    text = words(decide(client, "accept", [bare, waiting[0]]))
    assert "1 device accepted." in text
    assert "1 left as before: The device has shown no key yet." in text


def test_the_limit_of_devices_is_said(client, home, waiting):
    home.device_limit = 1
    home.save()
    text = words(decide(client, "accept", waiting))
    assert "2 left as before: The maximum number of accepted devices is reached." in text


def test_nothing_ticked_changes_nothing(client, waiting):
    for verb, more in (("accept", {}), ("explode", {}), ("accept", {"device": ["x", "9" * 30]})):
        posted = {"verb": verb, **more}
        response = client.post("/devices/decide/", posted, follow=True)
        assert "Nothing was selected" in words(response)


def test_it_leads_back_to_the_list_as_it_was(client, waiting):
    response = decide(client, "accept", waiting[:1], filter="?q=gw&state=pending")
    assert response.redirect_chain == [("/devices/?q=gw&state=pending", 302)]


def test_one_key_is_judged_on_the_page_of_its_device(client, home):
    device = make_device(home, status="accepted")
    old, new = device.auth_sets.get(), make_auth_set(device)
    url = f"/devices/{device.id}/keys/{new.id}/"
    response = client.post(url, {"status": "accepted"}, follow=True)
    assert "Key accepted." in words(response)
    assert AuthSet.objects.get(pk=old.pk).status == "rejected"
    client.post(url, {"status": "dismissed"})
    assert not AuthSet.objects.filter(pk=new.pk).exists()


def test_a_strange_verdict_is_refused_in_words(client, home):
    device = make_device(home)
    url = f"/devices/{device.id}/keys/{device.auth_sets.get().id}/"
    assert "Incorrect device status." in words(client.post(url, {"status": "x"}, follow=True))


def test_a_device_is_moved_to_a_group_and_out_of_it(client, home):
    device = make_device(home)
    url = f"/devices/{device.id}/group/"
    assert "It is in group cranes now." in words(client.post(url, {"group": "cranes"}, follow=True))
    assert "Group name can only contain" in words(client.post(url, {"group": "ä ö"}, follow=True))
    assert Device.objects.get().group == "cranes"
    assert "It is in no group now." in words(client.post(url, {"group": ""}, follow=True))
    assert Device.objects.get().group == ""


def test_decommissioning_is_asked_first(client, home):
    device = make_device(home, name="gw-old")
    url = f"/devices/{device.id}/decommission/"
    assert "Decommission gw-old?" in words(client.get(url))
    assert Device.objects.count() == 1
    assert "gw-old is decommissioned." in words(client.post(url, follow=True))
    assert Device.objects.count() == 0


@pytest.mark.parametrize("role", ["viewer", "release_manager"])
def test_who_may_not_is_refused(visit, home, role):
    device = make_device(home, status="pending")
    client, key = visit(role), device.auth_sets.get()
    posted = {"verb": "accept", "device": device.pk, "status": "accepted"}
    for url in (
        "/devices/decide/",
        f"/devices/{device.id}/keys/{key.id}/",
        f"/devices/{device.id}/decommission/",
        f"/devices/{device.id}/group/",
    ):
        assert client.post(url, posted).status_code == 403
    assert states(device) == ["pending"]


def test_a_number_of_any_length_is_no_device(client, home):
    response = client.post("/devices/decide/", {"device": "9" * 5000, "verb": "accept"})
    assert response["Location"] == "/devices/"
