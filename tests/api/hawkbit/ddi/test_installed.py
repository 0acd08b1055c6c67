"""What a device has installed, by us or by other means."""

import pytest

from artifacts.models import Release
from fleet.models import Device
from tests.api.hawkbit.ddi.callers import Controller
from tests.api.hawkbit.ddi.making import assign
from tests.make import make_distribution_set


def test_it_is_told_as_it_was_to_be_installed(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    path = f"installedBase/{row.number}"
    assert box.get(path).status_code == 404, "it is not over"
    before = box.get(f"deploymentBase/{row.number}").json()
    assert box.get(path).status_code == 404
    box.say(f"deploymentBase/{row.number}", "closed", "success", details=["done"])
    assert box.get(box.links()["installedBase"]).json() == before
    history = box.get(f"{path}?actionHistory=1").json()["actionHistory"]
    assert history == {"status": "FINISHED", "messages": ["done"]}


def test_a_release_it_got_by_other_means(box: Controller, device: Device, release: Release) -> None:
    body = {"name": "fw", "version": "2.0"}
    response = box.put("installedBase", body)
    assert (response.status_code, response.content) == (201, b"")
    device.refresh_from_db()
    assert device.software == "fw:2.0"
    assert device.installed_at
    assert box.put("installedBase", body).status_code == 200
    assert "installedBase" in box.links()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "fw", "version": "9"}, 404),
        ({"name": "other", "version": "2.0"}, 404),
        ({"name": "fw"}, 400),
        ({"version": "2.0"}, 400),
        ({}, 400),
        ([], 400),
    ],
)
def test_one_that_nobody_knows(
    box: Controller, release: Release, body: object, status: int
) -> None:
    assert box.put("installedBase", body).status_code == status


def test_that_of_another_organization(box: Controller) -> None:
    make_distribution_set(None, "theirs", "1")
    assert box.put("installedBase", {"name": "theirs", "version": "1"}).status_code == 404
