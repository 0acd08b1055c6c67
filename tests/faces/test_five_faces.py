"""One deployment, five faces: whoever tells of it says the same at every moment."""

import pytest

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Organization
from tests.faces.fleet import KIT, Speaker, ddi_device, mender_device
from tests.faces.readers import Counts, Faces
from tests.make import make_organization, upload_artifact

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES = 1000
OLD, NEW = "1.0.0.1", "2.0.0.1"
LIMIT = 500


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def faces(organization: Organization) -> Faces:
    return Faces(organization)


@pytest.fixture
def speakers(organization: Organization) -> list[Speaker]:
    """One in four speaks hawkBit's language."""
    upload_artifact(organization, OLD, device_types=["board"])
    upload_artifact(organization, NEW, device_types=["board"])
    return [
        ddi_device(organization, OLD, name=f"sensor-{number}")
        if number % 4 == 0
        else mender_device(organization, OLD, name=f"sensor-{number}")
        for number in range(DEVICES)
    ]


def create(faces: Faces) -> Deployment:
    """A job by Carbon Black's API, to all that run Linux."""
    job = faces.carbonblack.ask(
        "/jobs",
        {
            "job_type": "ENDPOINT",
            "name": "Five faces",
            "options": {"sensor_version": {KIT: NEW}},
            "search_definition": {"criteria": {"os": ["linux"]}},
        },
    )
    assert (job["status"], job["targeted"], job["pending"]) == ("PENDING", DEVICES, DEVICES)
    return Deployment.objects.get(id=job["id"])


def test_a_job_is_told_alike_by_all_until_it_is_stopped(
    faces: Faces, speakers: list[Speaker]
) -> None:
    deployment = create(faces)
    assert faces.agreed(deployment) == Counts(pending=DEVICES)
    assert faces.carbonblack.read(f"/jobs/{deployment.id}")["status"] == "IN_PROGRESS"

    told = [each for each in speakers[:600] if each.poll() == str(deployment.id)]
    assert len(told) == LIMIT
    assert faces.agreed(deployment) == Counts(pending=500, running=500)

    for each in told[:300]:
        assert each.report(deployment, "downloading") in {200, 204}
    assert faces.agreed(deployment) == Counts(pending=500, running=500)

    for each in told[:200]:
        assert each.report(deployment, "success") in {200, 204}
    for each in told[200:250]:
        assert each.report(deployment, "failure") in {200, 204}
    assert faces.agreed(deployment) == Counts(pending=500, running=250, done=200, failed=50)
    assert faces.by_carbonblacks_sensors(deployment) == faces.agreed(deployment)
    check_npm(faces, speakers, deployment)

    again = [each for each in speakers[500:800] if each.poll() == str(deployment.id)]
    assert len(again) == 250
    assert faces.agreed(deployment) == Counts(pending=250, running=500, done=200, failed=50)

    stopped = faces.digi.send("PUT", f"/jobs/cancel/{deployment.number}")
    assert stopped.status_code == 200, stopped.content
    assert faces.agreed(deployment) == Counts(running=500, done=200, failed=300)
    job = faces.carbonblack.read(f"/jobs/{deployment.id}")
    assert (job["status"], job["failed_sensor_counts"]["FAILURE_STOPPED"]) == ("CANCELLED", 250)
    assert faces.digi.read(f"/jobs/{deployment.number}")["status"] == "canceled"
    assert all(each.poll() == "" for each in speakers[-20:])
    check_npm(faces, speakers, deployment)

    for each in (*told[250:], *again):
        assert each.report(deployment, "success") in {200, 204}
    assert faces.agreed(deployment) == Counts(done=700, failed=300)
    over = faces.carbonblack.read(f"/jobs/{deployment.id}")
    assert (over["status"], over["percent_complete"]) == ("CANCELLED", 100)
    assert over["end_time"] == job["end_time"]
    deployment.refresh_from_db()
    assert deployment.finished_at is not None


def check_npm(faces: Faces, speakers: list[Speaker], deployment: Deployment) -> None:
    """Every twentieth appliance says of itself what the others say of it."""
    rows = DeviceDeployment.objects.filter(deployment=deployment).with_effective_state()
    states = {row.device_id: (row.is_open, row.effective_state, row.admitted_at) for row in rows}
    for each in speakers[::20]:
        is_open, state, admitted_at = states[each.device.number]
        update = faces.update_of(each.device)
        versions = [entry.get("version") for entry in update["update_history"]]
        if state == "success":
            assert (update["state"], versions[-1]) == ("IDLE", NEW)
        elif state == "failure":
            assert update["state"] == "FAILED_GRACEFUL"
        elif state == "aborted" and admitted_at is None:
            assert update["state"] == "IDLE"
        else:
            assert is_open
            assert (update["state"], update["target_version"]) == ("RUNNING", NEW)
