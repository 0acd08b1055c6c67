"""The update of an appliance from the first image to the new version, in both languages."""

from typing import Any

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from api.npm.openapi.document import described
from artifacts.models import Artifact
from deployments.models import DeviceDeployment
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, controller
from tests.api.mender.callers import Box, box
from tests.api.npm.callers import Npm, npm_caller
from tests.make import make_target, upload_artifact

KEYS = {"last_state_time", "state", "state_description", "update_history"}


@pytest.fixture
def board_box(organization: Organization) -> Box:
    """Of type "board"; it runs "old" and speaks Mender's language."""
    return box(organization, name="box", device_type="board", software="old")


@pytest.fixture
def target(organization: Organization) -> Controller:
    """Of type "board"; it runs "old" and speaks hawkBit's language."""
    device = make_target(organization, "target")
    speaker = controller(device)
    said = {"data": {"device_type": "board", "artifact_name": "old"}}
    assert speaker.put("configData", said).status_code == 200
    return speaker


@pytest.fixture
def image(organization: Organization) -> Artifact:
    return upload_artifact(organization, "new")


def shown(npm: Npm) -> dict[str, Any]:
    """The update as it is told, once its shape is what the seed says."""
    answer = npm.get("/update")
    assert answer.status_code == 200, answer.content
    return checked(answer)


def checked(answer: Any) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    assert body.keys() - {"target_version"} == KEYS
    document = described()
    schema = {**document["components"]["schemas"]["Update"], "components": document["components"]}
    Draft202012Validator(schema).validate(body)
    return body


def state(npm: Npm) -> str:
    return str(shown(npm)["state"])


def verb(npm: Npm, name: str, data: Any = None) -> str:
    answer = npm.post(f"/update/{name}", data)
    assert answer.status_code == 200, answer.content
    return str(checked(answer)["state"])


def test_before_anything_was_done(board_box: Box) -> None:
    device = board_box.device
    assert shown(npm_caller(device)) == {
        "state": "IDLE",
        "state_description": "No update yet",
        "last_state_time": int(device.created_at.timestamp()),
        "update_history": [{"time": int(device.created_at.timestamp()), "version": "old"}],
    }


def test_a_device_that_speaks_menders_language(board_box: Box, image: Artifact) -> None:
    npm = npm_caller(board_box.device)
    assert verb(npm, "init") == "INITIALIZED"
    assert shown(npm)["target_version"] == "new"
    assert board_box.poll().status_code == 204

    assert verb(npm, "start") == "RUNNING"
    offer = board_box.poll()
    assert offer.json()["artifact"]["artifact_name"] == "new"
    for word in ("downloading", "installing", "rebooting"):
        assert board_box.report(offer.json()["id"], word).status_code == 204
        update = shown(npm)
        assert (update["state"], update["target_version"]) == ("RUNNING", "new")
        assert update["state_description"].lower() == word
    assert board_box.report(offer.json()["id"], "success").status_code == 204

    update = shown(npm)
    assert (update["state"], "target_version" in update) == ("IDLE", False)
    installed, updated = update["update_history"]
    assert (installed["version"], updated["version"]) == ("old", "new")
    assert installed["time"] <= updated["time"] == update["last_state_time"]


def test_a_device_that_speaks_hawkbits_language(target: Controller, image: Artifact) -> None:
    npm = npm_caller(Device.objects.get())
    assert verb(npm, "init", {"image": image.number}) == "INITIALIZED"
    assert target.does() == ""
    assert verb(npm, "start") == "RUNNING"
    action = target.links()["deploymentBase"].split("?")[0]
    assert target.get(action).status_code == 200
    assert shown(npm)["state_description"] == "The device was told"
    assert target.say(action, "download", details=["half of it"]) == 200
    assert shown(npm)["state"] == "RUNNING"
    assert target.say(action, "closed", "success") == 200
    update = shown(npm)
    assert (update["state"], update["state_description"]) == ("IDLE", "Updated to new")
    assert [each.get("version") for each in update["update_history"]] == ["old", "new"]


def test_what_a_device_says_of_its_failure_is_told(target: Controller, image: Artifact) -> None:
    npm = npm_caller(Device.objects.get())
    verb(npm, "init")
    verb(npm, "start")
    action = target.links()["deploymentBase"].split("?")[0]
    target.get(action)
    assert target.say(action, "closed", "failure", details=["no room left"]) == 200
    update = shown(npm)
    assert (update["state"], update["target_version"]) == ("FAILED_GRACEFUL", "new")
    assert update["state_description"] == "no room left"
    assert [each["version"] for each in update["update_history"]] == ["old"]
    assert verb(npm, "reset") == "IDLE"
    assert verb(npm, "init") == "INITIALIZED"


def test_a_failure_after_the_reboot_is_critical_until_the_device_is_heard(
    board_box: Box, image: Artifact
) -> None:
    npm = npm_caller(board_box.device)
    verb(npm, "init")
    verb(npm, "start")
    offer = board_box.poll().json()
    for word in ("installing", "rebooting", "failure"):
        board_box.report(offer["id"], word)
    assert state(npm) == "FAILED_CRITICAL"
    told = [{"name": "artifact_name", "value": "old"}]
    assert board_box.put("v1/inventory/device/attributes", told).status_code == 200
    assert state(npm) == "FAILED_GRACEFUL"


def test_taken_back_before_it_began(board_box: Box, image: Artifact) -> None:
    npm = npm_caller(board_box.device)
    verb(npm, "init")
    assert verb(npm, "reset") == "IDLE"
    verb(npm, "init")
    verb(npm, "start")
    assert verb(npm, "reset") == "IDLE"
    assert board_box.poll().status_code == 204
    assert verb(npm, "reset") == "IDLE"


def test_put_does_what_post_does(board_box: Box, image: Artifact) -> None:
    npm = npm_caller(board_box.device)
    told = [npm.put(f"/update/{name}") for name in ("init", "start", "reset")]
    assert [each.json()["state"] for each in told] == ["INITIALIZED", "RUNNING", "IDLE"]


def test_one_that_came_by_a_raw_file(organization: Organization) -> None:
    device = make_target(organization, "probe", device_type="AR11")
    npm, speaker = npm_caller(device), controller(device)
    said = {"data": {"device_type": "AR11"}}
    assert speaker.put("configData", said).status_code == 200
    uploaded: Any = npm.upload(b"an image", version="11.2")
    assert uploaded.status_code == 200, uploaded.content
    assert verb(npm, "init") == "INITIALIZED"
    assert shown(npm)["target_version"] == "11.2"
    verb(npm, "start")
    action = speaker.links()["deploymentBase"].split("?")[0]
    assert speaker.get(action).status_code == 200
    assert speaker.say(action, "closed", "success") == 200
    update = shown(npm)
    assert update["state"] == "IDLE"
    assert update["update_history"][-1]["version"] == "11.2"


def test_the_history_begins_with_the_installation(board_box: Box) -> None:
    """Its version is the one that the device had then, whatever it has now."""
    npm = npm_caller(board_box.device)
    for name in ("new", "newer", "newest"):
        upload_artifact(board_box.device.organization, name)
        verb(npm, "init")
        verb(npm, "start")
        offer = board_box.poll().json()
        board_box.report(offer["id"], "success")
    versions = [each["version"] for each in shown(npm)["update_history"]]
    assert versions == ["old", "new", "newer", "newest"]
    assert DeviceDeployment.objects.count() == 3
    assert shown(npm)["last_state_time"] <= timezone.now().timestamp()
