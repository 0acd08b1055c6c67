"""A deployment that brings each kind of device its own release, as every dialect tells of it."""

from typing import Any

import pytest

from artifacts.models import Release
from artifacts.operations import delete_artifact
from artifacts.signals import Cancelation
from auditlog.actor import system
from deployments.by_kit import KitPlan, create_by_kit
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.withdrawing import withdraw
from fleet.errors import Conflict
from fleet.models import Device, KitType, Organization, SensorKit
from jobs.models import Job
from jobs.running import run
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.ddi.callers import Controller, controller, downloads
from tests.api.mender.callers import Box, Person, box, person
from tests.make import make_actor, make_distribution_set, make_organization, make_target
from tests.make import upload_artifact as upload

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {"agent.bin": b"agent"}


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def image(organization: Organization) -> Release:
    """For the kit UBUNTU, whose devices speak Mender's language."""
    return upload(organization, "ubuntu-2", device_types=["board"]).release


@pytest.fixture
def agent(organization: Organization) -> Release:
    """For the kit MAC, whose devices speak hawkBit's."""
    SensorKit.objects.create(organization=organization, kit_type="MAC", product="agent")
    return make_distribution_set(organization, "agent", "3.7", files=FILES)


@pytest.fixture
def mender(organization: Organization) -> Box:
    facts = {"device_type": "board", "software": "ubuntu-1", "sensor_version": "1.9"}
    return box(organization, kit_type=KitType.UBUNTU, **facts)


@pytest.fixture
def target(organization: Organization) -> Device:
    return make_target(organization, "mac-1", kit_type=KitType.MAC, software="agent:3.6")


@pytest.fixture
def ddi(target: Device) -> Controller:
    return controller(target)


@pytest.fixture
def hawkbit(organization: Organization) -> Hawkbit:
    return hawkbit_caller(organization=organization)


@pytest.fixture
def operator(organization: Organization) -> Person:
    return person(organization)


@pytest.fixture
def deployment(
    organization: Organization, image: Release, agent: Release, mender: Box, target: Device
) -> Deployment:
    make_distribution_set(organization, "agent", "3.6")
    return create_by_kit(
        actor=make_actor(organization),
        organization=organization,
        plan=KitPlan("Both", {"UBUNTU": "ubuntu-2", "MAC": "3.7"}),
        devices=Device.objects.of(organization),
    )


def part(deployment: Deployment, device: Device) -> DeviceDeployment:
    return deployment.device_deployments.get(device=device)


def install_as_mender(mender: Box, deployment: Deployment) -> None:
    for status in ("downloading", "installing", "rebooting", "success"):
        assert mender.report(deployment.id, status, substate=f"was {status}").status_code == 204


def test_each_row_keeps_what_its_device_was(deployment: Deployment, mender: Box, target: Device):
    rows = {row.device_id: row for row in deployment.device_deployments.all()}
    ubuntu, mac = rows[mender.device.pk], rows[target.pk]
    assert (ubuntu.kit_type, ubuntu.version_before, ubuntu.brings[1]) == (
        *("UBUNTU", "1.9"),
        "ubuntu-2",
    )
    assert (mac.kit_type, mac.version_before, mac.brings[1]) == ("MAC", "3.6", "agent:3.7")
    assert mac.device_name == "mac-1"


def test_a_device_that_speaks_mender_installs_the_release_of_its_kit(
    deployment: Deployment, mender: Box, image: Release, operator: Person
):
    offer = mender.poll("ubuntu-1").json()
    assert offer["artifact"]["artifact_name"] == "ubuntu-2"
    install_as_mender(mender, deployment)
    row = part(deployment, mender.device)
    assert (row.state, row.message) == ("success", "was success")
    mender.device.refresh_from_db()
    assert mender.device.software == "ubuntu-2"
    shown = operator.get(f"v1/deployments/deployments/{deployment.id}").json()
    assert shown["artifact_name"] == "multiple"
    assert shown["artifacts"] == [str(image.artifacts.get().id)]


def test_a_device_that_speaks_hawkbit_installs_the_set_of_its_kit(
    deployment: Deployment, ddi: Controller, target: Device, agent: Release, hawkbit: Hawkbit
):
    row = part(deployment, target)
    assert ddi.does() == "deploymentBase"
    shown = ddi.get(f"deploymentBase/{row.number}").json()
    assert [chunk["version"] for chunk in shown["deployment"]["chunks"]] == ["3.7"]
    for address in downloads(shown):
        assert b"".join(ddi.get(address)) == b"agent"
    assigned = hawkbit.get("/targets/mac-1/assignedDS").json()
    assert (assigned["id"], assigned["version"]) == (agent.pk, "3.7")
    assert ddi.say(f"deploymentBase/{row.number}", "closed", "success", details=["all well"]) == 200
    installed = hawkbit.get("/targets/mac-1/installedDS").json()
    assert installed["id"] == agent.pk
    target.refresh_from_db()
    row.refresh_from_db()
    assert (target.software, row.state, row.message) == ("agent:3.7", "success", "all well")


def test_hawkbits_action_is_about_the_set_of_its_device(
    deployment: Deployment, target: Device, agent: Release, image: Release, hawkbit: Hawkbit
):
    row = part(deployment, target)
    other = deployment.device_deployments.exclude(device=target).get()
    shown = hawkbit.get(f"/targets/mac-1/actions/{row.number}").json()
    link = shown["_links"]["distributionset"]
    assert link["href"].endswith(f"/rest/v1/distributionsets/{agent.pk}")
    assert link["name"] == "agent:3.7"
    for query, numbers in (
        (f"distributionset.id=={agent.pk}", [row.number]),
        ("distributionset.version==3.7", [row.number]),
        ("distributionset.type==os", [row.number]),
        ("distributionset.name==ubuntu-2", [other.number]),
    ):
        found = hawkbit.get("/actions", q=query).json()["content"]
        assert [each["id"] for each in found] == numbers, query
    for release, controller_id in ((agent, "mac-1"), (image, None)):
        found = hawkbit.get(f"/distributionsets/{release.pk}/assignedTargets").json()["content"]
        assert len(found) == 1
        assert controller_id in {None, found[0]["controllerId"]}
    sums = hawkbit.get(f"/distributionsets/{agent.pk}/statistics").json()
    assert sums["totalActionsPerStatus"] == {"RUNNING": 1, "total": 1}
    assert sums["totalRolloutsPerStatus"]["total"] == 1


def test_no_release_of_it_can_be_deleted_while_it_runs(
    deployment: Deployment, organization: Organization, image: Release, hawkbit: Hawkbit
):
    with pytest.raises(Conflict) as refused:
        delete_artifact(actor=system(organization.pk), artifact=image.artifacts.get())
    assert refused.value.code == "artifact_in_use"


def test_an_invalidated_set_is_taken_back_from_its_devices_alone(
    deployment: Deployment, organization: Organization, agent: Release, mender: Box, target: Device
):
    actor = system(organization.pk)
    facts: dict[str, Any] = {"actor": actor, "release": agent, "cancels_rollouts": True}
    withdraw(cancelation=Cancelation.NONE, **facts)
    job = Job.objects.get(kind="deployments.withdraw")
    run(job.id)
    assert part(deployment, target).state == "aborted"
    assert part(deployment, mender.device).state == "pending"
    deployment.refresh_from_db()
    assert deployment.finished_at is None


def test_the_last_text_of_a_device_stays_on_its_row(
    deployment: Deployment, ddi: Controller, target: Device
):
    row = part(deployment, target)
    ddi.get(f"deploymentBase/{row.number}")
    said = {"details": ["first", "second"]}
    assert ddi.say(f"deploymentBase/{row.number}", "proceeding", **said) == 200
    row.refresh_from_db()
    assert row.message == "second"
    assert ddi.say(f"deploymentBase/{row.number}", "proceeding") == 200
    row.refresh_from_db()
    assert row.message == "second"
    assert StatusEvent.objects.filter(device_deployment=row).count() >= 2
