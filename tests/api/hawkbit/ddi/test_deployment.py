"""A device comes for what it was told of: what it gets, and that it has begun by that."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import Release, SoftwareModule
from deployments.models import Deployment, DeviceDeployment
from deployments.states import State
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, controller
from tests.api.hawkbit.ddi.making import assign, entries
from tests.api.hawkbit.ddi.test_poll import window_in
from tests.make import (
    make_artifact,
    make_deployment,
    make_distribution_set,
    make_release,
    make_target,
    upload_artifact,
)

LATER = timedelta(hours=3)


def shown(box: Controller, row: DeviceDeployment, query: str = "") -> dict[str, Any]:
    response = box.get(f"deploymentBase/{row.number}{query}")
    assert response.status_code == 200, response.content
    told: dict[str, Any] = response.json()
    return told


def status(box: Controller, row: DeviceDeployment) -> int:
    return int(box.get(f"deploymentBase/{row.number}").status_code)


def part(deployment: Deployment) -> DeviceDeployment:
    return deployment.device_deployments.get()


def test_what_is_to_be_installed(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    module = release.modules.get()
    module.metadata = {
        "b": {"value": "2", "is_visible": True},
        "a": {"value": "1", "is_visible": True},
        "secret": {"value": "3", "is_visible": False},
    }
    module.save()
    file = module.files.get()
    address = f"http://testserver{box.root}/softwaremodules/{module.pk}/artifacts/a.bin"
    assert shown(box, row) == {
        "id": str(row.number),
        "deployment": {
            "download": "forced",
            "update": "forced",
            "chunks": [
                {
                    "part": "os",
                    "version": "2.0",
                    "name": "fw-os",
                    "artifacts": [
                        {
                            "filename": "a.bin",
                            "hashes": {
                                "sha1": file.sha1,
                                "md5": file.md5,
                                "sha256": file.sha256,
                            },
                            "size": file.size,
                            "_links": {
                                "download-http": {"href": address},
                                "md5sum-http": {"href": f"{address}.MD5SUM"},
                            },
                        }
                    ],
                    "metadata": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}],
                }
            ],
        },
    }


def test_the_names_that_clients_know_for_parts(
    box: Controller, device: Device, release: Release
) -> None:
    organization = device.organization
    (system,) = release.modules.all()
    for key in ("application", "runtime", "custom"):
        kind, _ = organization.module_types.get_or_create(key=key, defaults={"name": key})
        module = SoftwareModule.objects.create(
            organization=organization, type=kind, name=key, version="1", is_encrypted=True
        )
        release.modules.add(module)
    chunks = shown(box, assign(device, release))["deployment"]["chunks"]
    assert [each["part"] for each in chunks] == ["os", "bApp", "jvm", "custom"]
    assert [each.get("encrypted") for each in chunks] == [None, True, True, True]
    assert system.pk < module.pk


@pytest.mark.parametrize(
    ("facts", "download", "update", "window"),
    [
        ({"action_type": "forced"}, "forced", "forced", None),
        ({"action_type": "soft"}, "attempt", "attempt", None),
        ({"action_type": "timeforced", "forced_at": LATER}, "attempt", "attempt", None),
        ({"action_type": "timeforced", "forced_at": -LATER}, "forced", "forced", None),
        ({"action_type": "downloadonly"}, "forced", "skip", None),
        ({"maintenance_window": -LATER / 6}, "forced", "forced", "available"),
        ({"maintenance_window": LATER}, "forced", "skip", "unavailable"),
        (
            {"action_type": "soft", "maintenance_window": -LATER / 6},
            "attempt",
            "attempt",
            "available",
        ),
        ({"action_type": "soft", "maintenance_window": LATER}, "attempt", "skip", "unavailable"),
    ],
)
def test_how_urgent_it_is(  # noqa: PLR0917 - columns of the table
    box: Controller,
    device: Device,
    release: Release,
    facts: dict[str, Any],
    download: str,
    update: str,
    window: str | None,
) -> None:
    if "forced_at" in facts:
        facts = facts | {"forced_at": timezone.now() + facts["forced_at"]}
    if "maintenance_window" in facts:
        facts = facts | {"maintenance_window": window_in(facts["maintenance_window"])}
    told = shown(box, assign(device, release, **facts))["deployment"]
    assert (told["download"], told["update"]) == (download, update)
    assert told.get("maintenanceWindow") == window


def test_it_is_begun_once(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    first = shown(box, row)
    row.refresh_from_db()
    assert (row.state, row.is_instructed, row.attempts) == ("pending", True, 1)
    assert row.admitted_at
    assert entries(row) == [("pending", "retrieved")]
    assert shown(box, row) == first
    assert entries(row) == [("pending", "retrieved")]
    row.refresh_from_db()
    assert row.attempts == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"cancel_requested_at": timezone.now()},
        {"is_confirmation_required": True},
        {"starts_at": timezone.now() + LATER},
        {"paused_at": timezone.now()},
        {"aborted_at": timezone.now(), "finished_at": timezone.now()},
    ],
)
def test_what_it_cannot_begin_is_not_there(
    box: Controller, device: Device, release: Release, facts: dict[str, Any]
) -> None:
    row = assign(device, release, **facts)
    response = box.get(f"deploymentBase/{row.number}")
    assert response.status_code == 404
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.entityNotFound"
    row.refresh_from_db()
    assert row.admitted_at is None


def test_what_is_not_its_own_is_not_there(
    box: Controller, organization: Organization, release: Release
) -> None:
    other = make_target(organization, "other")
    row = assign(other, release)
    assert status(box, row) == 404
    assert box.get("deploymentBase/4711").status_code == 404
    assert box.get("deploymentBase/" + "9" * 18).status_code == 404
    assert status(controller(other), row) == 200


@pytest.mark.parametrize("number", ["x", "1.5", "9" * 30, "%00"])
def test_a_number_that_is_none(box: Controller, number: str) -> None:
    response = box.get(f"deploymentBase/{number}")
    assert response.status_code == 400
    assert response.json()["errorCode"] == "hawkbit.server.error.rest.body.notReadable"


def test_what_is_over_can_be_looked_at_again(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    before = shown(box, row)
    box.say(f"deploymentBase/{row.number}", "closed", "success")
    assert shown(box, row) == before


def test_what_it_has_said_so_far(box: Controller, device: Device, release: Release) -> None:
    row = assign(device, release)
    assert "actionHistory" not in shown(box, row)
    assert shown(box, row, "?actionHistory=2")["actionHistory"] == {
        "status": "RETRIEVED",
        "messages": [],
    }
    for number in range(3):
        box.say(f"deploymentBase/{row.number}", "proceeding", details=[f"step {number}"])
    box.say(f"deploymentBase/{row.number}", "proceeding")
    history = shown(box, row, "?actionHistory=2")["actionHistory"]
    assert history == {"status": "RUNNING", "messages": ["step 2", "step 1"]}
    assert len(shown(box, row, "?actionHistory=-1")["actionHistory"]["messages"]) == 3
    assert "actionHistory" not in shown(box, row, "?actionHistory=0")
    assert box.get(f"deploymentBase/{row.number}?actionHistory=x").status_code == 400


def test_a_window_that_never_opens_again_takes_it_back(
    box: Controller, device: Device, release: Release
) -> None:
    past = {"schedule": "0 0 0 1 1 ? 2020", "duration": "01:00:00", "timezone": "+00:00"}
    row = assign(device, release, maintenance_window=past)
    assert status(box, row) == 404
    assert box.does() == "cancelAction"
    assert entries(row)[-1] == ("pending", "canceling")


def test_a_phase_of_a_deployment_of_ours_has_places(
    organization: Organization, release: Release
) -> None:
    devices = [make_target(organization, f"d{number}") for number in range(2)]
    deployment = make_deployment(release=release, devices=devices)
    deployment.phases.update(quota=1)
    first, second = (controller(each) for each in devices)
    rows = {each.device_id: each for each in deployment.device_deployments.all()}
    assert status(first, rows[devices[0].number]) == 200
    assert status(second, rows[devices[1].number]) == 404
    phase = deployment.phases.get()
    assert phase.admitted == 1
    assert rows[devices[0].number].phase is None
    assert deployment.device_deployments.get(device=devices[0]).phase == phase


def test_what_it_has_already_ends_a_deployment_of_ours(
    box: Controller, device: Device, release: Release
) -> None:
    device.software = release.name
    device.save()
    row = part(make_deployment(release=release, devices=[device]))
    assert status(box, row) == 404
    row.refresh_from_db()
    assert row.state == State.ALREADY_INSTALLED
    assert box.does() == ""


def test_an_artifact_of_menders_is_one_file_of_one_part(
    box: Controller, organization: Organization, device: Device
) -> None:
    device.device_type = "board"
    device.save()
    artifact = upload_artifact(organization, "os-2")
    upload_artifact(organization, "os-2", device_types=["other"])
    row = part(make_deployment(release=artifact.release, devices=[device]))
    (chunk,) = shown(box, row)["deployment"]["chunks"]
    assert chunk["part"] == "mender"
    (file,) = chunk["artifacts"]
    assert file["filename"] == "os-2.mender"
    assert file["hashes"]["sha256"] == artifact.sha256
    assert len(file["hashes"]["sha1"]) == 40
    row.refresh_from_db()
    assert (row.artifact, row.device_type) == (artifact, "board")


def test_nothing_that_fits_ends_its_part(
    box: Controller, organization: Organization, device: Device
) -> None:
    release = make_artifact(make_release(organization), device_types=["other"]).release
    row = part(make_deployment(release=release, devices=[device]))
    assert status(box, row) == 404
    row.refresh_from_db()
    assert row.state == State.PENDING, "its type is not known yet"
    device.device_type = "board"
    device.save()
    assert status(box, row) == 404
    row.refresh_from_db()
    assert row.state == State.NO_ARTIFACT


def test_a_release_without_files(box: Controller, device: Device) -> None:
    empty = make_distribution_set(device.organization, "empty")
    told = shown(box, assign(device, empty))
    assert told["deployment"]["chunks"][0]["artifacts"] == []
