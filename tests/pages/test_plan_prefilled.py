"""What leads to the form of a plan fills it in: all of whom it meant, nobody else."""

import html
import re

import pytest

from deployments import forms
from deployments.models import Deployment
from deployments.views import plan
from tests.make import make_deployment, make_device, make_organization
from tests.pages.planning import URL, typed

pytestmark = pytest.mark.django_db


def listed(client, response):
    return client.get(response["Location"]).context["form"]["devices"].value().splitlines()


def test_all_that_match_are_meant_however_many_a_page_shows(client, home):
    meant = [make_device(home, name=f"gw-{n}", group="cranes") for n in range(60)]
    make_device(home, name="gw-other")
    make_device(make_organization(), name="gw-foreign", group="cranes")
    form = {"all": "1", "filter": "?q=gw&group=cranes", "verb": "deploy"}
    response = client.post("/devices/decide/", form)
    assert listed(client, response) == [str(device.id) for device in meant]


def test_more_than_can_be_listed_are_refused_and_not_cut_off(client, home, fleet, monkeypatch):
    for module in (forms, plan):
        monkeypatch.setattr(module, "LISTED", 3)
    form = client.get(f"{URL}?matching=").context["form"]
    response = client.post(URL, typed(target="devices", devices=form["devices"].value()))
    assert "4 are listed, 3 at most." in response.content.decode()


def test_another_like_one_for_listed_devices_is_not_for_all(client, home, fleet):
    listed = make_deployment(release=home.releases.get(), devices=fleet[:2])
    assert listed.target == Deployment.Target.DEVICES
    page = client.get(f"/deployments/{listed.id}/").content.decode()
    link = html.unescape(re.search(r'href="(/deployments/new/\?release[^"]*)"', page)[1])
    assert client.get(link).context["form"]["target"].value() == "devices"


def test_a_group_beyond_those_that_are_offered_can_be_meant(client, home, fleet, monkeypatch):
    monkeypatch.setattr(forms, "GROUPS", 1)
    make_device(home, group="zeppelins")
    assert '"zeppelins"' not in client.get(URL).content.decode()
    assert '"zeppelins" selected' in client.get(f"{URL}?group=zeppelins").content.decode()
    client.post(URL, typed(target="group", group="zeppelins", create=""))
    assert home.deployments.get().groups == ["zeppelins"]


def test_a_name_of_32_hexadecimal_digits_is_a_name(client, home, fleet):
    name = "0123456789abcdef0123456789abcdef"
    device = make_device(home, name=name)
    given = f"{name}\n{fleet[0].id.hex}"
    client.post(URL, typed(target="devices", devices=given, create=""))
    rows = home.deployments.get().device_deployments
    assert set(rows.values_list("device", flat=True)) == {device.pk, fleet[0].pk}
