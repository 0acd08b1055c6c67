"""Planning a deployment: the form, and making it."""

import pytest

from deployments.models import Deployment
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release
from tests.pages.planning import URL, typed
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def test_it_offers_releases_and_groups(client, fleet):
    text = words(client.get(URL))
    assert "os-2" in text
    assert "cranes, 4" in text


def test_the_address_prefills_it(client, fleet):
    page = client.get(f"{URL}?release=os-2&device={fleet[0].id}").content.decode()
    assert '<option value="os-2" selected>' in page
    assert str(fleet[0].id) in page
    assert client.get(f"{URL}?release=nonsense&device=x&group=y").status_code == 200


def test_those_that_failed_are_tried_again(client, home, fleet):
    before = make_deployment(release=home.releases.get(), devices=fleet[:3])
    row = before.device_deployments.filter(device=fleet[1])
    row.update(state="failure", is_open=False, finished_at=before.created_at)
    form = client.get(f"{URL}?failed_of={before.id}").context["form"]
    assert form["devices"].value() == str(fleet[1].id)
    assert form["release"].value() == "os-2"


def test_creating_makes_the_deployment(client, home, fleet):
    response = client.post(URL, typed(("20", ""), ("", "2099-01-01T09:00"), create=""))
    made = home.deployments.get()
    assert response["Location"] == f"/deployments/{made.id}/"
    assert (made.name, made.size, made.created_via) == ("os-2 to all devices", 10, "dashboard")
    opens = [(phase.quota, f"{phase.starts_at:%Y-%m-%d %H:%M}") for phase in made.phases.all()]
    assert opens[0][0] == 2
    assert opens[1] == (None, "2099-01-01 09:00")


def test_a_group_or_listed_devices_are_meant(client, home, fleet):
    client.post(URL, typed(target="group", group="cranes", create=""))
    assert home.deployments.latest("number").size == 4
    listed = f"{fleet[0].id}\ngw-1, gw-2"
    client.post(URL, typed(target="devices", devices=listed, retries="2", create=""))
    made = home.deployments.latest("number")
    assert (made.size, made.retries) == (3, 2)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"release": ""}, "This field is required."),
        ({"target": "group"}, "Choose the group."),
        ({"target": "devices"}, "List at least one device."),
        ({"target": "devices", "devices": "gw-77"}, "No device is called “gw-77”."),
        ({"retries": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"phases-0-percent": "101"}, "Ensure this value is less than or equal to 100."),
        ({"phases-0-percent": "60", "phases-1-percent": "60"}, "more than 100 percent"),
    ],
)
def test_what_is_missing_or_wrong_is_said(client, fleet, more, said):
    response = client.post(URL, typed(**more, create=""))
    assert response.status_code == 422
    assert said in words(response)
    assert Deployment.objects.count() == 0


def test_the_same_again_leads_to_the_one_under_way(client, home, fleet):
    for _ in range(2):
        response = client.post(URL, typed(create="", name="Twice"))
    assert "There is already an active deployment with the same parameters." in words(response)
    assert f"/deployments/{home.deployments.get().id}/" in response.content.decode()


def test_other_organizations_releases_and_names_are_unknown(client, fleet):
    other = make_organization()
    make_artifact(make_release(other, name="theirs"))
    make_device(other, name="gw-theirs")
    assert client.post(URL, typed(release="theirs", create="")).status_code == 422
    posted = typed(target="devices", devices="gw-theirs", create="")
    assert "No device is called “gw-theirs”." in words(client.post(URL, posted))


def test_a_viewer_is_refused(visit, fleet):
    client = visit("viewer")
    assert client.get(URL).status_code == client.post(URL, typed()).status_code == 403
    make_deployment(devices=fleet[:1])
    assert "Plan a deployment" not in words(client.get("/deployments/"))
