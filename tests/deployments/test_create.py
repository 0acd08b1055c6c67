"""Creating a deployment: one row for each device it is for."""

import uuid
from typing import Any

import pytest

from auditlog.models import AuditEntry
from deployments.models import Deployment, DeviceDeployment
from deployments.planning import PhasePlan
from fleet.errors import Conflict, DomainError, Invalid
from fleet.states import Admission
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release

pytestmark = pytest.mark.django_db


def refs(deployment: Deployment) -> list[str]:
    return [row.device_ref for row in deployment.device_deployments.all()]


def refusal(**facts: Any) -> DomainError:
    with pytest.raises(DomainError) as raised:
        make_deployment(**facts)
    assert not Deployment.objects.exists()
    return raised.value


def test_all_means_the_accepted_devices_of_the_organization() -> None:
    device = make_device(name="pump", software="os-1")
    for status in set(Admission) - {Admission.ACCEPTED}:
        make_device(device.organization, status=status)
    make_device(device.organization, is_leaving=True)
    make_device()
    deployment = make_deployment(device.organization)
    (row,) = DeviceDeployment.objects.all()
    assert (row.device, row.device_ref, deployment.size) == (device, str(device.id), 1)
    assert (row.device_name, row.software_before, row.state) == ("pump", "os-1", "pending")
    assert deployment.phases.get().quota is None


def test_a_group_means_its_accepted_devices() -> None:
    device = make_device(group="eu")
    make_device(device.organization, group="us")
    make_device(device.organization, group="eu", status=Admission.PENDING)
    deployment = make_deployment(device.organization, group="eu")
    assert (refs(deployment), deployment.groups) == ([str(device.id)], ["eu"])


def test_listed_ids_need_not_exist_and_count_once() -> None:
    device = make_device(status=Admission.PENDING)
    listed = ["1", str(device.id).upper(), "some name 3", str(device.id), "1", "Ü"]
    deployment = make_deployment(device.organization, devices=listed)
    assert refs(deployment) == ["1", str(device.id), "some name 3", "Ü"]
    assert [row.device for row in deployment.device_deployments.all()] == [None, device, None, None]
    assert deployment.size == 4


def test_another_organizations_device_is_an_unknown_id() -> None:
    stranger = make_device()
    deployment = make_deployment(make_organization(), devices=[str(stranger.id)])
    row = deployment.device_deployments.get()
    assert (row.device, row.device_name, row.software_before) == (None, "", "")


def test_a_list_longer_than_a_chunk_keeps_its_order() -> None:
    listed = [str(uuid.uuid4()) for _ in range(5001)]
    assert refs(make_deployment(devices=listed)) == listed


def test_phases_get_their_quotas() -> None:
    listed = [str(number) for number in range(30)]
    phases = [PhasePlan(10), PhasePlan(25, make_device().created_at), PhasePlan(None)]
    phases[2] = PhasePlan(None, phases[1].starts_at)
    deployment = make_deployment(devices=listed, phases=phases)
    assert [(phase.percent, phase.quota) for phase in deployment.phases.all()] == [
        (10, 3),
        (25, 7),
        (None, None),
    ]
    assert deployment.is_phased


def test_it_is_in_the_audit_log() -> None:
    deployment = make_deployment(devices=["1"])
    entry = AuditEntry.objects.get(action="create", object_kind="deployment")
    assert (entry.object_id, entry.change["devices"]) == (str(deployment.id), 1)


def test_the_same_active_deployment_again_is_refused() -> None:
    device = make_device()
    release = make_artifact(make_release(device.organization)).release
    first = make_deployment(devices=["1", device], release=release, name="a")
    with pytest.raises(Conflict) as raised:
        make_deployment(devices=[device, "1"], release=release, name="a")
    assert raised.value.code == "duplicate_deployment"
    assert raised.value.details == {"deployment": first.id}
    make_deployment(devices=[device, "1"], release=release, name="another name")
    Deployment.objects.filter(number=first.number).update(finished_at=first.created_at)
    make_deployment(devices=[device, "1"], release=release, name="a")


def test_a_release_needs_an_artifact() -> None:
    device = make_device()
    error = refusal(devices=[device], release=make_release(device.organization))
    assert (type(error), error.code) == (Conflict, "no_artifact")


def test_another_organizations_release_does_not_count() -> None:
    error = refusal(devices=[make_device()], release=make_artifact().release)
    assert error.code == "no_artifact"


@pytest.mark.parametrize("facts", [{}, {"group": "nobody is in it"}])
def test_somebody_must_be_targeted(facts: dict[str, Any]) -> None:
    error = refusal(**facts)
    assert (type(error), error.code) == (Invalid, "no_devices")


@pytest.mark.parametrize("device_ref", ["", "x" * 257, "a\0b", "\ud800"])
def test_ids_are_short_plain_text(device_ref: str) -> None:
    assert refusal(devices=["1", device_ref]).code == "invalid_device_id"


@pytest.mark.parametrize(
    "facts", [{"name": ""}, {"name": "x" * 257}, {"name": "a\0"}, {"retries": -1}]
)
def test_facts_out_of_range_are_refused(facts: dict[str, Any]) -> None:
    assert isinstance(refusal(devices=["1"], **facts), Invalid)


def test_an_empty_phase_refuses_the_whole() -> None:
    assert refusal(devices=["1"], phases=[PhasePlan(10), PhasePlan(None, None)]).field == "phases"
