"""Stopping deployments."""

import pytest

from auditlog.models import AuditEntry
from deployments import aborting
from deployments.aborting import abort, abort_for_device
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import poll
from deployments.reporting import report
from deployments.states import State
from deployments.statistics import counts
from fleet.errors import Conflict
from jobs.running import run_due
from tests.make import make_actor, make_claims, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
PROVIDES = {"device_type": "board", "artifact_name": "old"}


def stop(deployment: Deployment) -> None:
    abort(actor=make_actor(deployment.organization), deployment=deployment)


def states() -> list[str]:
    return list(DeviceDeployment.objects.order_by("number").values_list("state", flat=True))


def test_what_is_open_is_aborted_and_what_ended_stays() -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(3)]
    deployment = make_deployment(organization, devices=[*devices, "unknown"])
    for device, state in zip(devices, ["success", "installing"], strict=False):
        poll(make_claims(device), PROVIDES)
        report(device=device, deployment_id=deployment.id, state=State(state), substate=None)
    stop(deployment)
    assert states() == ["success", "aborted", "aborted", "aborted"]
    deployment.refresh_from_db()
    assert deployment.aborted_at == deployment.finished_at
    assert poll(make_claims(devices[2]), PROVIDES) is None
    assert AuditEntry.objects.get(action="abort").object_id == str(deployment.id)


def test_a_finished_deployment_cannot_be_aborted() -> None:
    deployment = make_deployment(devices=["1"])
    stop(deployment)
    with pytest.raises(Conflict) as raised:
        stop(deployment)
    assert raised.value.code == "already_finished"


def test_the_flag_counts_at_once_and_a_job_tidies_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aborting, "BATCH", 2)
    deployment = make_deployment(devices=list("12345"))
    stop(deployment)
    assert states() == ["aborted", "aborted", "pending", "pending", "pending"]
    assert counts([deployment.number])[deployment.number] == {State.ABORTED: 5}
    rows = DeviceDeployment.objects.with_effective_state()
    assert rows.filter(effective_state="aborted").count() == 5
    assert {row.effective_state for row in rows} == {"aborted"}
    run_due()
    assert states() == ["aborted"] * 5


def test_every_open_part_of_a_device_ends_and_nobody_elses() -> None:
    device, other = make_device(), make_device()
    first = make_deployment(devices=[device])
    make_deployment(devices=[device, "another"])
    make_deployment(devices=[other])
    poll(make_claims(device), PROVIDES)
    ended = abort_for_device(
        actor=make_actor(device.organization),
        organization=device.organization,
        device_ref=str(device.id).upper(),
    )
    assert ended == 2
    assert states() == ["aborted", "aborted", "pending", "pending"]
    first.refresh_from_db()
    assert first.finished_at
    assert first.aborted_at is None
    assert poll(make_claims(other), PROVIDES)


def test_an_id_that_nobody_has_can_be_taken_out_again() -> None:
    organization = make_organization()
    make_deployment(organization, devices=["1", "2"])
    make_deployment(devices=["1"])
    for expected in (1, 0):
        ended = abort_for_device(
            actor=make_actor(organization), organization=organization, device_ref="1"
        )
        assert ended == expected
    assert states() == ["aborted", "pending", "pending"]
    assert AuditEntry.objects.filter(action="abort").count() == 1


def test_another_organizations_device_is_left_alone() -> None:
    device = make_device()
    make_deployment(devices=[device])
    organization = make_organization()
    ref = str(device.id)
    assert not abort_for_device(
        actor=make_actor(organization), organization=organization, device_ref=ref
    )
    assert states() == ["pending"]
