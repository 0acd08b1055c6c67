"""What happens to deployments when what they lean on changes."""

import pytest
from django.utils import timezone

from artifacts.operations import delete_artifact, describe
from deployments.aborting import abort
from deployments.finishing import close_complete
from deployments.models import DeviceDeployment
from deployments.offers import poll
from fleet.admission import decommission
from fleet.errors import Conflict
from fleet.models import Device
from fleet.signals import device_enrolled
from tests.make import (
    make_actor,
    make_claims,
    make_deployment,
    make_device,
    make_organization,
    upload_artifact,
)

pytestmark = pytest.mark.django_db(transaction=True)
PROVIDES = {"device_type": "board", "artifact_name": "old"}


def test_decommissioning_ends_what_is_open_and_history_stays() -> None:
    device = make_device(name="pump")
    ref = str(device.id)
    done = make_deployment(devices=[device])
    poll(make_claims(device), {**PROVIDES, "artifact_name": done.release_name})
    alone, shared = make_deployment(devices=[device]), make_deployment(devices=[device, "other"])
    decommission(actor=make_actor(device.organization), device=device)
    rows = DeviceDeployment.objects.filter(device_ref=ref).order_by("number")
    assert [row.state for row in rows] == ["already_installed", "decommissioned", "decommissioned"]
    assert {(row.device, row.device_name) for row in rows} == {(None, "pump")}
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert alone.finished_at
    assert shared.finished_at is None


def test_a_device_that_comes_later_finds_what_named_it() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    others = make_deployment(make_organization(), devices=[device])
    DeviceDeployment.objects.update(device=None)
    device_enrolled.send(sender=Device, devices=[device])
    assert deployment.device_deployments.get().device == device
    assert others.device_deployments.get().device is None


def test_an_artifact_in_an_active_deployment_cannot_be_deleted() -> None:
    organization = make_organization()
    artifact = upload_artifact(organization)
    deployment = make_deployment(organization, release=artifact.release, devices=["1"])
    actor = make_actor(organization)
    with pytest.raises(Conflict) as raised:
        delete_artifact(actor=actor, artifact=artifact)
    assert raised.value.code == "artifact_in_use"
    assert raised.value.details == {"deployments": [deployment.id]}
    abort(actor=actor, deployment=deployment)
    delete_artifact(actor=actor, artifact=artifact)
    deployment.refresh_from_db()
    assert (deployment.release, deployment.release_name) == (None, "release-1")


def test_an_artifact_that_was_given_out_keeps_its_description() -> None:
    device = make_device()
    artifact = upload_artifact(device.organization)
    make_deployment(release=artifact.release, devices=[device])
    actor = make_actor(device.organization)
    describe(actor=actor, artifact=artifact, description="first")
    poll(make_claims(device), PROVIDES)
    with pytest.raises(Conflict) as raised:
        describe(actor=actor, artifact=artifact, description="second")
    assert raised.value.code == "artifact_used"


def test_a_deployment_whose_last_report_was_lost_is_closed_in_passing() -> None:
    deployment = make_deployment(devices=["1"])
    make_deployment(devices=["1"])
    deployment.device_deployments.update(state="success", is_open=False, finished_at=timezone.now())
    assert close_complete() == 1
    deployment.refresh_from_db()
    assert deployment.finished_at
