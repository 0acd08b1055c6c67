"""The rehearsal of a deployment: who will get it, who will not, and why."""

import pytest

from deployments.models import Deployment
from tests.make import make_device
from tests.pages.planning import URL, typed
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def test_a_rehearsal_says_how_the_phases_cut(client, fleet):
    phases = ("20", ""), ("30", "2099-01-01T09:00"), ("", "2099-01-02T09:00")
    text = words(client.post(URL, typed(*phases, preview="")))
    assert "10 will, nobody is left out" in text
    assert "1 2 at once 2 3 1 Jan 2099 3 5 2 Jan 2099" in text
    assert "Deploy to 10" in text
    assert Deployment.objects.count() == 0


def test_a_rehearsal_says_who_is_left_out_and_why(client, home, fleet):
    make_device(home, name="kiosk-1", device_type="kiosk")
    make_device(home, name="gw-new", status="pending")
    make_device(home, name="gw-has-it", device_type="board", software="os-2")
    text = words(client.post(URL, typed(preview="")))
    assert "10 will, 3 will not" in text
    for said in ("No fitting artifact all kiosk: kiosk-1", "Not accepted gw-new"):
        assert said in text
    assert "Runs it already gw-has-it" in text


def test_htmx_gets_the_rehearsal_alone(client, fleet):
    headers = {"HX-Request": "true", "HX-Target": "rehearsal"}
    response = client.post(URL, typed(), headers=headers)
    assert b"<html" not in response.content
    assert "10 will" in words(response)
    missing = client.post(URL, typed(release=""), headers=headers)
    assert "Choose a release and devices" in words(missing)


def test_a_template_fills_the_phases(client, fleet):
    page = client.post(URL, typed(("50", ""), template="careful", use="")).content.decode()
    for position, share in enumerate((1, 10, 30)):
        assert f'name="phases-{position}-percent" value="{share}"' in page
    emptied = client.post(URL, typed(("50", ""), template="once", use="")).content.decode()
    assert 'name="phases-0-percent" value' not in emptied
