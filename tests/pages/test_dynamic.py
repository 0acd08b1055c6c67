"""Deployments that are not of a release to a fixed list: by filter, of a configuration, held."""

import pytest

from deployments.configuring import deploy_configuration
from deployments.models import Deployment, DeviceDeployment
from deployments.reporting import report
from deployments.states import State
from fleet.models import Configuration
from tests.deployments.dynamic import call, make_dynamic, make_filter, red
from tests.make import make_actor, make_deployment, make_device
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def page(client, deployment):
    return words(client.get(f"/deployments/{deployment.id}/"))


def test_one_without_a_limit_says_for_whom_it_is(client, home):
    devices = [red(home, name=f"gw-{number}") for number in range(2)]
    deployment = make_dynamic(home, name="red ones")
    name = deployment.filter["name"]
    text = page(client, deployment)
    assert f"Devices matching “{name}”: color is red" in text
    assert "2 matched when made" in text
    assert "any device that matches may at its next call" in text
    assert "No device has come yet" in text
    call(devices[0])
    report(device=devices[0], deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    text = page(client, deployment)
    assert f"1 of 1 that came so far runs {deployment.release_name}" in text
    assert "goes on for whoever matches, until it is aborted" in text
    assert "All 1" in text
    listed = words(client.get("/deployments/"))
    assert f"devices matching “{name}”, 1 so far" in listed
    assert f"devices matching “{name}”, 1 so far" in words(client.get("/"))


def test_one_with_a_limit_says_what_is_free(client, home):
    device = red(home, name="gw-1")
    deployment = make_dynamic(home, max_devices=4)
    call(device)
    text = page(client, deployment)
    assert "at most 4 take part" in text
    assert "Nobody has begun yet: 4 devices may at their next call." in text
    assert "All 1 Waiting 1" in text
    report(device=device, deployment_id=deployment.id, state=State.SUCCESS, substate=None)
    assert "1 of 4 runs" in page(client, deployment)


def test_a_configuration_tells_its_keys_but_not_its_values(client, home):
    device = make_device(home, name="gw-1")
    Configuration.objects.create(device=device, configured={"password": "hunter2"})
    deployment = deploy_configuration(actor=make_actor(home), device=device)
    text = page(client, deployment)
    assert "configuration: password" in text
    assert "hunter2" not in text
    assert "Plan another like this" not in text
    assert "configuration of 1 device" in words(client.get("/deployments/"))


def test_a_device_that_is_held_says_where(client, home):
    device = make_device(home, name="gw-1", device_type="board")
    deployment = make_deployment(devices=[device])
    call(device)
    facts = {"deployment_id": deployment.id, "substate": None}
    report(device=device, state=State.PAUSED_BEFORE_REBOOTING, **facts)
    assert "Held before rebooting" in page(client, deployment)
    assert "Held before rebooting" in words(client.get(f"/devices/{device.id}/"))
    client.post(f"/deployments/{deployment.id}/abort/")
    assert "Held before" not in page(client, deployment)


def test_a_device_shows_what_it_will_come_to(client, home):
    device = red(home, name="gw-1")
    make_dynamic(home, name="for red ones")
    make_dynamic(home, name="for others", saved=make_filter(home, BLUE))
    text = words(client.get(f"/devices/{device.id}/"))
    assert "for red ones" in text
    assert "The device matches the filter" in text
    assert "for others" not in text


BLUE = {"scope": "inventory", "attribute": "color", "type": "$eq", "value": "blue"}


def test_it_is_planned_by_a_saved_filter(client, home, release):
    red(home, name="gw-1")
    assert "matches a saved filter" not in words(client.get("/deployments/new/"))
    saved = make_filter(home)
    assert "Whatever matches a saved filter" in words(client.get("/deployments/new/"))
    typed = {
        "release": release.name,
        "target": "filter",
        "filter": str(saved.id),
        "max_devices": "5",
        "retries": "0",
        "phases-TOTAL_FORMS": "0",
        "phases-INITIAL_FORMS": "0",
    }
    rehearsed = words(client.post("/deployments/new/", typed | {"preview": ""}))
    assert "match now" in rehearsed
    client.post("/deployments/new/", typed | {"create": ""})
    made = Deployment.objects.get()
    assert (made.is_dynamic, made.max_devices) == (True, 5)
    assert made.name == f"os-2 to devices matching {saved.name}"
    assert not DeviceDeployment.objects.exists()


def test_the_filter_must_be_chosen(client, home, release):
    make_filter(home)
    typed = {"release": release.name, "target": "filter", "retries": "0", "create": ""}
    phases = {"phases-TOTAL_FORMS": "0", "phases-INITIAL_FORMS": "0"}
    answer = client.post("/deployments/new/", typed | phases)
    assert answer.status_code == 422
    assert "Choose the filter." in words(answer)
