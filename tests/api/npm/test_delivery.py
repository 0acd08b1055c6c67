"""What was uploaded to an appliance reaches the devices that it is for, and no others."""

import hashlib

import pytest

from artifacts.models import Release
from deployments import offers
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, allow, controller
from tests.api.npm.callers import Npm, npm_caller
from tests.make import make_claims, make_deployment, make_target, upload_artifact

RAW = b"any file" * 1000
HEADERS = {"Content-Disposition": "attachment; filename=ar11-11.5.bin"}


@pytest.fixture
def box(device: Device) -> Controller:
    allow(device.organization, target_token_enabled=True)
    return controller(device)


def test_a_device_that_takes_any_file_gets_it_as_it_came(npm: Npm, box: Controller) -> None:
    npm.post("/images/upload", RAW, content_type="", headers=HEADERS)
    make_deployment(devices=[npm.device] if npm.device else [], release=Release.objects.get())
    base = box.get().json()["_links"]["deploymentBase"]["href"]
    (chunk,) = box.get(base).json()["deployment"]["chunks"]
    assert (chunk["part"], chunk["name"], chunk["version"]) == ("os", "AR11 11.5", "11.5")
    (artifact,) = chunk["artifacts"]
    assert artifact["filename"] == "ar11-11.5.bin"
    assert artifact["hashes"]["sha256"] == hashlib.sha256(RAW).hexdigest()
    answer = box.get(artifact["_links"]["download-http"]["href"])
    assert b"".join(answer) == RAW


def test_a_device_that_speaks_mender_s_is_never_offered_it(board: Device) -> None:
    twin = make_target(board.organization, device_type="board")
    npm_caller(twin).upload(RAW, version="9")
    deployment = make_deployment(devices=[board], release=Release.objects.get())
    provides = {"artifact_name": "old", "device_type": "board"}
    assert offers.poll(make_claims(board), provides) is None
    part = deployment.device_deployments.get()
    assert part.state == "no_artifact"


def test_of_a_release_with_both_each_gets_its_own(
    board: Device, organization: Organization
) -> None:
    """The raw file is smaller, and still not Mender's."""
    twin = make_target(organization, device_type="board")
    npm_caller(twin).upload(b"x", version="9")
    release = Release.objects.get()
    upload_artifact(organization, release.name, device_types=["board"], depends={"model": ["b"]})
    deployment = make_deployment(devices=[board], release=release)
    provides = {"artifact_name": "old", "device_type": "board", "model": "b"}
    offer = offers.poll(make_claims(board), provides)
    assert offer
    assert offer.artifact_name == release.name
    assert deployment.device_deployments.get().artifact.format == "mender"
