"""Another organization's things are not there."""

import pytest

from tests.make import make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs():
    other = make_organization("Elsewhere")
    device = make_device(other, name="gw-elsewhere", device_type="board")
    deployment = make_deployment(other, devices=[device], name="Rollout elsewhere")
    row = deployment.device_deployments.get()
    artifact = deployment.release.artifacts.get()
    return {
        "get": [
            f"/devices/{device.id}/",
            f"/devices/{device.id}/decommission/",
            f"/releases/{deployment.release.id}/",
            f"/artifacts/{artifact.id}/download/",
            f"/artifacts/{artifact.id}/delete/",
            f"/deployments/{deployment.id}/",
            f"/deployments/{deployment.id}/abort/",
            f"/deployments/{deployment.id}/log/{row.number}/",
        ],
        "post": [
            f"/devices/{device.id}/decommission/",
            f"/devices/{device.id}/group/",
            f"/devices/{device.id}/keys/{device.auth_sets.get().id}/",
            f"/artifacts/{artifact.id}/delete/",
            f"/artifacts/{artifact.id}/describe/",
            f"/deployments/{deployment.id}/abort/",
        ],
        "device": device,
        "deployment": deployment,
    }


def test_their_pages_are_404(client, theirs):
    assert {url: client.get(url).status_code for url in theirs["get"]} == dict.fromkeys(
        theirs["get"], 404
    )
    for url in theirs["post"]:
        assert client.post(url, {"status": "accepted"}).status_code == 404, url
    theirs["deployment"].refresh_from_db()
    assert theirs["deployment"].aborted_at is None


def test_lists_leave_them_out(client, home, theirs):
    make_deployment(home, devices=[make_device(home)])
    for url in ("/", "/devices/", "/releases/", "/deployments/", "/deployments/?show=all"):
        text = client.get(url).content.decode()
        assert "elsewhere" not in text, url


def test_their_devices_are_not_decided_on(client, theirs):
    posted = {"device": theirs["device"].pk, "verb": "reject", "confirmed": "1"}
    client.post("/devices/decide/", posted)
    theirs["device"].refresh_from_db()
    assert theirs["device"].status == "accepted"
