"""The page of one device."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.planning import PhasePlan
from tests.make import make_artifact, make_auth_set, make_deployment, make_device, make_release
from tests.pages.reading import part, queries, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(home):
    return make_device(
        home,
        name="gw-1",
        identity={"mac": "02:4e", "serial": "NQ-1"},
        device_type="board",
        software="os-1",
        inventory={"kernel": "6.6.58", "interfaces": ["eth0", "wlan0"]},
        tags={"site": "Gdynia"},
        group="cranes",
        seen_at=timezone.now() - timedelta(minutes=4),
    )


def url(device):
    return f"/devices/{device.id}/"


def test_it_says_who_the_device_is_and_what_it_said(client, device):
    text = words(client.get(url(device)))
    for said in ("gw-1", "Accepted", "runs os-1", "NQ-1", "cranes", "4 min ago", str(device.id)):
        assert said in text
    for said in ("kernel 6.6.58", "interfaces eth0, wlan0", "site Gdynia", "Tags, 1 attribute"):
        assert said in text


def test_it_shows_every_key(client, device):
    make_auth_set(device, status="pending")
    text = words(client.get(url(device)))
    assert "2 auth sets" in text
    assert "was the device exchanged?" in text


def test_a_bare_device_has_its_faces(client, home):
    text = words(client.get(url(make_device(home, status="noauth"))))
    for said in ("Nothing is meant for it now", "It has been in no deployment", "never"):
        assert said in text
    assert "It has reported nothing yet" in text
    assert "No key is on file" in text


def test_it_says_what_the_next_call_is_answered_with(client, device):
    release = make_artifact(make_release(device.organization, name="os-2")).release
    make_deployment(release=release, devices=[device], name="Rollout 2")
    text = words(client.get(url(device)))
    assert "Rollout 2" in text
    assert "Its next call is answered with os-2." in text


def test_it_says_why_a_deployment_is_not_offered(client, device):
    later = timezone.now() + timedelta(days=1)
    phases = [PhasePlan(100, later)]
    deployment = make_deployment(devices=[device], phases=phases)
    text = words(client.get(url(device)))
    assert f"It is not offered {deployment.release_name} now." in text
    assert "The first phase opens at" in text


def test_why_and_connection_are_asked_for_again(client, device):
    make_deployment(devices=[device])
    first = part(client, url(device), "why")
    assert first.status_code == 200
    assert "<html" not in first.content.decode()
    again = part(client, url(device), "why", X_Seen=first["X-Seen"])
    assert (again.status_code, again.content) == (204, b"")
    assert "4 min ago" in words(part(client, url(device), "connection"))


def test_a_history_of_ten_takes_as_many_queries_as_one(client, device):
    def past(count):
        for _ in range(count):
            deployment = make_deployment(devices=[device])
            rows = deployment.device_deployments
            rows.update(state="success", is_open=False, finished_at=timezone.now())
            type(deployment).objects.filter(pk=deployment.pk).update(finished_at=timezone.now())

    past(1)
    few = queries(client, url(device))
    past(11)
    assert queries(client, url(device)) == few <= 16
    assert "10 of 12" in words(client.get(url(device)))


def test_a_viewer_gets_no_buttons(visit, device):
    text = visit("viewer").get(url(device)).content.decode()
    assert "Accept this key" not in text
    assert "Decommission" not in text
