"""What the update of an appliance refuses: each time it stays as it was."""

from typing import Any

import pytest

from artifacts.models import Artifact, IncomingImage
from deployments.models import Deployment
from fleet.models import Device, Organization, Role
from tests.api.mender.callers import Box, box
from tests.api.npm.callers import Npm, npm_caller
from tests.make import make_deployment, make_device, make_organization, upload_artifact

VERBS = ("init", "start", "reset")


@pytest.fixture
def board_box(organization: Organization) -> Box:
    return box(organization, device_type="board", software="old")


@pytest.fixture
def device(board_box: Box) -> Device:
    return board_box.device


@pytest.fixture
def image(organization: Organization) -> Artifact:
    return upload_artifact(organization, "new")


def refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert body.keys() == {"error_id", "error_text"}
    return str(body["error_id"])


def test_there_is_no_image(npm: Npm) -> None:
    assert refusal(npm.post("/update/init"), 409) == "NO_VALID_IMAGE"


def test_an_image_that_is_coming(npm: Npm, device: Device) -> None:
    IncomingImage.objects.create(number=7, organization=device.organization, device=device)
    assert refusal(npm.post("/update/init", {"image": 7}), 409) == "NO_VALID_IMAGE"


def test_an_image_that_there_is_not(npm: Npm, image: Artifact) -> None:
    theirs = upload_artifact(make_organization(), "theirs")
    for number in (theirs.number, 0, -1, 2**31, 2**62):
        answer = npm.post("/update/init", {"image": number})
        assert refusal(answer, 404) == "RESOURCE_NOT_FOUND"
    assert not Deployment.objects.exists()


@pytest.mark.parametrize("number", ["7", 7.5, True, [7], {"id": 7}])
def test_the_id_of_an_image_is_an_integer(npm: Npm, image: Artifact, number: object) -> None:
    answer = npm.post("/update/init", {"image": number})
    assert refusal(answer, 400) == "REQUEST_INVALID_INPUT"
    assert not Deployment.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"\xff", b'{"image": 7'])
def test_a_body_that_is_no_object(npm: Npm, image: Artifact, body: bytes) -> None:
    assert refusal(npm.post("/update/init", body), 400) == "REQUEST_INVALID_INPUT"
    assert not Deployment.objects.exists()


def test_a_body_that_is_no_json(npm: Npm, image: Artifact) -> None:
    answer = npm.send("POST", "/update/init", b"image=7", content_type="text/plain")
    assert answer.status_code == 415
    assert refusal(answer, 415)


def test_null_and_unknown_keys_ask_for_nothing(npm: Npm, image: Artifact) -> None:
    assert npm.post("/update/init", {"image": None, "colour": "red"}).status_code == 200


def test_in_any_other_state(npm: Npm, image: Artifact, board_box: Box) -> None:
    assert refusal(npm.post("/update/start"), 409) == "INVALID_STATE"
    npm.post("/update/init")
    assert refusal(npm.post("/update/init"), 409) == "INVALID_STATE"
    npm.post("/update/start")
    for verb in ("init", "start"):
        assert refusal(npm.post(f"/update/{verb}"), 409) == "INVALID_STATE"
    offer = board_box.poll().json()
    for verb in VERBS:
        assert refusal(npm.post(f"/update/{verb}"), 409) == "INVALID_STATE"
    board_box.report(offer["id"], "failure")
    for verb in ("init", "start"):
        assert refusal(npm.post(f"/update/{verb}"), 409) == "INVALID_STATE"
    assert Deployment.objects.count() == 1


def test_what_is_for_the_whole_fleet_is_not_started_here(npm: Npm, device: Device) -> None:
    other = make_device(device.organization, device_type="board")
    deployment = make_deployment(devices=[device, other])
    deployment.phases.update(starts_at=None)
    assert npm.get("/update").json()["state"] == "INITIALIZED"
    assert refusal(npm.post("/update/start"), 409) == "INVALID_STATE"
    assert deployment.phases.get().starts_at is None


def test_who_only_looks_changes_nothing(device: Device, image: Artifact) -> None:
    viewer = npm_caller(device, Role.VIEWER)
    assert viewer.get("/update").status_code == 200
    for verb in VERBS:
        for method in ("POST", "PUT"):
            answer = viewer.send(method, f"/update/{verb}")
            assert refusal(answer, 403) == "AUTH_FORBIDDEN"
    assert not Deployment.objects.exists()


def test_other_organizations_see_no_appliance(device: Device, image: Artifact) -> None:
    stranger = npm_caller(device, organization=make_organization())
    assert refusal(stranger.get("/update"), 404) == "RESOURCE_NOT_FOUND"
    for verb in VERBS:
        assert refusal(stranger.post(f"/update/{verb}"), 404) == "RESOURCE_NOT_FOUND"
    assert not Deployment.objects.exists()


def test_without_credentials(device: Device) -> None:
    nobody = Npm("", device)
    assert refusal(nobody.get("/update"), 401) == "AUTH_REQUIRED"
    assert refusal(nobody.post("/update/init"), 401) == "AUTH_REQUIRED"


def test_methods_that_there_are_not(npm: Npm) -> None:
    for method, path in (("POST", "/update"), ("DELETE", "/update"), ("GET", "/update/init")):
        answer = npm.send(method, path)
        assert refusal(answer, 405) == "METHOD_NOT_ALLOWED"
        assert answer.headers["Allow"]
