"""How a device is configured, on its page."""

import pytest

from auditlog.models import AuditEntry
from deployments.models import Deployment
from fleet.configuration import configuration_of, report_configuration, set_configuration
from fleet.models import Configuration
from tests.make import make_actor, make_device
from tests.pages.reading import queries, words
from tests.pages.test_bounds import client_with

pytestmark = pytest.mark.django_db
WANTED = {"timezone": "UTC", "ntp": "a.example", "motd": "one\ntwo", "off": ""}


@pytest.fixture
def device(home):
    device = make_device(home, name="gw-1", device_type="board")
    set_configuration(actor=make_actor(home), device=device, values=WANTED)
    return device


def url(device):
    return f"/devices/{device.id}/"


def send(client, device, pairs, **more):
    keys, values = [key for key, _ in pairs], [value for _, value in pairs]
    return client.post(f"{url(device)}configuration/", {"key": keys, "value": values, **more})


def test_what_is_wanted_stands_beside_what_is_reported(client, device):
    reported = {"timezone": "UTC", "ntp": "b.example", "level": "info"}
    report_configuration(device=device, values=reported)
    text = words(client.get(url(device)))
    for said in (
        "timezone UTC UTC Same",
        "ntp a.example b.example Differs",
        "off empty nothing yet Not applied yet",
        "level nothing info Device’s own",
    ):
        assert said in text


def test_a_device_without_one_says_so_in_as_many_queries(client, home, device):
    bare = make_device(home, device_type="board")
    assert "Nothing is set and nothing was reported" in words(client.get(url(bare)))
    assert queries(client, url(bare)) == queries(client, url(device))


def test_the_form_brings_back_what_it_showed(client, device):
    assert "<textarea" in client.get(url(device)).content.decode()
    pairs = [(key, value.replace("\n", "\r\n")) for key, value in WANTED.items()]
    answer = send(client, device, [*pairs, ("", "")])
    assert answer.headers["Location"] == f"{url(device)}#configuration"
    assert configuration_of(device).configured == WANTED
    assert AuditEntry.objects.filter(action="set_configuration").count() == 1


def test_saving_changes_adds_and_removes(client, device):
    send(client, device, [("ntp", "c.example"), ("", ""), (" new ", "1")])
    assert configuration_of(device).configured == {"ntp": "c.example", "new": "1"}
    assert not Deployment.objects.exists()
    text = words(client.get(url(device)))
    assert "Configuration saved." in text


def test_saving_and_deploying_brings_it_to_the_device(client, device):
    send(client, device, [("ntp", "c.example")], deploy="1")
    deployment = Deployment.objects.get()
    assert deployment.configuration == {"ntp": "c.example"}
    text = words(client.get(url(device)))
    assert "Its next call is answered with its configuration." in text
    assert "Its last deployment" in text


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("a", "1"), ("a", "2")], "The key a is there twice."),
        ([("", "lost")], "The value lost has no key."),
        ([("a", "x" * 4097)], "must be a text of up to 4096 characters"),
        ([("a", "\x00")], "holds characters that no text may hold"),
    ],
)
def test_what_is_refused_stands_there_again(client, device, pairs, said):
    answer = send(client, device, pairs, deploy="1")
    assert answer.status_code == 422
    assert said in words(answer)
    assert '<details class="disclosure" open>' in answer.content.decode()
    assert pairs[-1][1] in answer.content.decode()
    assert configuration_of(device).configured == WANTED
    assert not Deployment.objects.exists()


def test_a_viewer_reads_and_changes_nothing(visit, device):
    viewer = visit("viewer")
    page = viewer.get(url(device)).content.decode()
    assert "a.example" in page
    assert "Save and deploy" not in page
    assert send(viewer, device, [("a", "1")]).status_code == 403


def test_who_may_not_see_configurations_does_not(visit, device):
    page = visit("deployments_manager").get(url(device)).content.decode()
    assert "a.example" not in page
    assert Configuration.objects.exists()


def test_a_role_with_bounds_configures_what_is_within_them(home, device):
    client = client_with(home, "ConfigureDevices", groups=("north",))
    assert send(client, device, [("a", "1")]).status_code == 403
    assert send(client, device, [("a", "1"), ("a", "2")]).status_code == 403
    type(device).objects.update(group="north")
    assert "Save and deploy" in client.get(url(device)).content.decode()
    assert send(client, device, [("a", "1")], deploy="1").status_code == 302
    assert Deployment.objects.get().configuration == {"a": "1"}


def test_its_deployment_has_a_page_and_is_listed(client, device):
    send(client, device, [("a", "1")], deploy="1")
    deployment = Deployment.objects.get()
    assert deployment.name in words(client.get(f"/deployments/{deployment.id}/"))
    assert deployment.name in words(client.get("/deployments/?show=all"))
    assert deployment.name in words(client.get("/"))
