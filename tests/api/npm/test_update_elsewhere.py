"""What is done about a device elsewhere is its update here, and the other way round."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from artifacts.models import Artifact
from deployments.finishing import close_complete
from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device, Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.digi.callers import Digi, digi_caller
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.ddi.callers import controller
from tests.api.mender.callers import Box, Person, box, person
from tests.api.npm.callers import Npm, npm_caller
from tests.make import make_distribution_set, make_target, upload_artifact

MENDER = "v1/deployments/deployments"


@pytest.fixture
def board_box(organization: Organization) -> Box:
    return box(organization, name="box", device_type="board", software="old")


@pytest.fixture
def device(board_box: Box) -> Device:
    return board_box.device


@pytest.fixture
def image(organization: Organization) -> Artifact:
    return upload_artifact(organization, "new")


@dataclass(frozen=True)
class Others:
    """Who administers the organization through the other dialects."""

    mender: Person
    hawkbit: Hawkbit
    carbonblack: CarbonBlack
    digi: Digi


@pytest.fixture
def others(organization: Organization) -> Others:
    return Others(
        person(organization),
        hawkbit_caller(organization=organization),
        CarbonBlack(organization),
        digi_caller(organization),
    )


def state(npm: Npm) -> str:
    return str(told(npm)["state"])


def told(npm: Npm) -> dict[str, Any]:
    answer: Any = npm.get("/update")
    assert answer.status_code == 200, answer.content
    update: dict[str, Any] = answer.json()
    return update


def done(answer: Any) -> Any:
    assert answer.status_code in {200, 201, 202, 204}, answer.content
    return answer.json() if answer.content else None


def deploy(mender: Person, device: Device) -> UUID:
    body = {"name": "spring", "artifact_name": "new", "devices": [str(device.id)]}
    answer = mender.post(MENDER, body)
    assert answer.status_code == 201, answer.content
    return UUID(answer.headers["Location"].rsplit("/", 1)[1])


def test_a_deployment_over_menders_api(
    npm: Npm, board_box: Box, image: Artifact, others: Others
) -> None:
    deployment = deploy(others.mender, board_box.device)
    assert (state(npm), told(npm)["target_version"]) == ("RUNNING", "new")
    assert npm.post("/update/init").status_code == 409
    board_box.poll()
    board_box.report(deployment, "installing")
    assert told(npm)["state_description"] == "Installing"
    board_box.report(deployment, "success")
    assert state(npm) == "IDLE"
    assert told(npm)["update_history"][-1]["version"] == "new"


def test_one_that_is_aborted_there(
    npm: Npm, board_box: Box, image: Artifact, others: Others
) -> None:
    deployment = deploy(others.mender, board_box.device)
    board_box.poll()
    done(others.mender.put(f"{MENDER}/{deployment}/status", {"status": "aborted"}))
    assert state(npm) == "FAILED_GRACEFUL"
    done(npm.post("/update/reset"))
    assert state(npm) == "IDLE"


def test_an_assignment_over_hawkbits_api(organization: Organization, others: Others) -> None:
    target = make_target(organization, "probe")
    brought = make_distribution_set(organization, "fw", "2.0", files={"fw.bin": b"firmware"})
    npm, speaker = npm_caller(target), controller(target)
    done(others.hawkbit.post("/targets/probe/assignedDS", {"id": brought.number}))
    assert (state(npm), told(npm)["target_version"]) == ("RUNNING", "2.0")
    action = speaker.links()["deploymentBase"].split("?")[0]
    speaker.get(action)
    number = DeviceDeployment.objects.get().number
    assert others.hawkbit.delete(f"/targets/probe/actions/{number}").status_code == 204
    assert told(npm)["state_description"] == "The device was asked to leave it"
    assert speaker.say(speaker.links()["cancelAction"], "closed", "success") == 200
    assert state(npm) == "FAILED_GRACEFUL"


def test_what_waits_for_a_confirmation(organization: Organization, others: Others) -> None:
    target = make_target(organization, "probe")
    brought = make_distribution_set(organization, "fw", "2.0", files={"fw.bin": b"firmware"})
    asked = {"id": brought.number, "confirmationRequired": True}
    done(others.hawkbit.put("/system/configs/user.confirmation.flow.enabled", {"value": True}))
    done(others.hawkbit.post("/targets/probe/assignedDS", asked))
    update = told(npm_caller(target))
    assert update["state"] == "RUNNING"
    assert update["state_description"] == "Waiting for a confirmation"


def test_a_job_of_carbon_blacks(npm: Npm, device: Device, others: Others) -> None:
    upload_artifact(device.organization, "new")
    body = {
        "name": "spring",
        "options": {"sensor_version": {"OTHER": "new"}},
        "device_ids": [device.number],
    }
    job: Any = done(others.carbonblack.post("", body))
    assert (state(npm), told(npm)["target_version"]) == ("RUNNING", "new")
    assert others.carbonblack.delete(f"/{job['id']}").status_code == 204
    assert state(npm) == "IDLE"


def test_what_is_prepared_here_is_told_by_all(
    npm: Npm, device: Device, image: Artifact, others: Others
) -> None:
    name = "NPM update of box to new"
    done(npm.post("/update/init"))
    deployment = Deployment.objects.get()
    listed = done(others.mender.get(MENDER))
    assert [(each["name"], each["artifact_name"]) for each in listed] == [(name, "new")]
    job: Any = done(others.carbonblack.get(f"/{deployment.id}"))
    assert (job["name"], job["status"], job["targeted"], job["pending"]) == (name, "PENDING", 1, 1)
    assert others.digi.job(deployment.number)["status"] == "new"

    done(npm.post("/update/start"))
    job = done(others.carbonblack.get(f"/{deployment.id}"))
    assert (job["status"], job["pending"], job["start_time"] is None) == ("IN_PROGRESS", 1, False)
    told_there = others.digi.job(deployment.number)
    assert (told_there["status"], told_there["job_description"]) == ("in_progress", name)
    path = f"/targets/{device.controller_id}/actions"
    actions: Any = done(others.hawkbit.get(path))
    assert [each["status"] for each in actions["content"]] == ["pending"]

    done(npm.post("/update/reset"))
    job = done(others.carbonblack.get(f"/{deployment.id}"))
    assert (job["status"], job["failed_sensor_counts"]["FAILURE_STOPPED"]) == ("CANCELLED", 1)
    assert others.digi.job(deployment.number)["status"] == "canceled"
    actions = done(others.hawkbit.get(path))
    assert [each["status"] for each in actions["content"]] == ["finished"]


def test_what_was_prepared_here_is_stopped_by_others(
    npm: Npm, image: Artifact, others: Others
) -> None:
    stops = [
        lambda each: others.carbonblack.delete(f"/{each.id}"),
        lambda each: others.digi.put(f"/cancel/{each.number}"),
        lambda each: others.mender.put(f"{MENDER}/{each.id}/status", {"status": "aborted"}),
    ]
    for stop in stops:
        done(npm.post("/update/init"))
        done(npm.post("/update/start"))
        done(stop(Deployment.objects.latest("number")))
        assert state(npm) == "IDLE"


def test_what_runs_goes_on_when_others_stop_it_gracefully(
    npm: Npm, image: Artifact, board_box: Box, others: Others
) -> None:
    done(npm.post("/update/init"))
    done(npm.post("/update/start"))
    offer = board_box.poll().json()
    done(others.digi.put(f"/cancel/{Deployment.objects.get().number}"))
    assert state(npm) == "RUNNING"
    assert board_box.report(offer["id"], "success").status_code == 204
    assert told(npm)["update_history"][-1]["version"] == "new"


def test_one_that_a_job_service_deleted_stays_in_the_history(
    npm: Npm, image: Artifact, board_box: Box, others: Others
) -> None:
    done(npm.post("/update/init"))
    done(npm.post("/update/start"))
    board_box.report(board_box.poll().json()["id"], "success")
    close_complete()
    number = Deployment.objects.get().number
    assert others.digi.delete(f"/inventory/{number}").status_code == 204
    assert [each["version"] for each in told(npm)["update_history"]] == ["old", "new"]
