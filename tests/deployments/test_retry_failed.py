"""Devices that failed are given one more round of attempts."""

from uuid import uuid4

import pytest

from deployments import retrying
from deployments.aborting import abort
from deployments.models import Deployment, StatusEvent
from deployments.retrying import Retried, retry_failed
from deployments.states import Status
from fleet.admission import decommission
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.models import Device, Organization
from jobs.running import run_due
from tests.deployments.calls import call, offered, part, say
from tests.deployments.test_pause import status
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def retried(deployment: Deployment, *devices: Device) -> Retried:
    deployment.refresh_from_db()
    return retry_failed(
        actor=make_actor(deployment.organization),
        deployment=deployment,
        devices=[device.id for device in devices] or None,
    )


def failed(
    count: int, organization: Organization | None = None, **facts: int
) -> tuple[Deployment, list[Device]]:
    organization = organization or make_organization()
    devices = [make_device(organization) for _ in range(count)]
    deployment = make_deployment(devices=devices, **facts)
    for device in devices:
        for _ in range(facts.get("retries", 0) + 1):
            call(device)
            say(device, deployment, "installing", "failure")
    return deployment, devices


def test_they_get_the_same_again_and_attempts_are_counted_on() -> None:
    deployment, (device,) = failed(1, retries=1)
    assert status(deployment) == Status.FINISHED
    assert retried(deployment) == Retried(1, {})
    assert status(deployment) == Status.PENDING
    for attempt in (3, 4):
        assert offered(device) == str(deployment.id)
        assert part(device, deployment).attempts == attempt
        say(device, deployment, "installing", "failure")
    assert part(device, deployment).state == "failure"
    said = StatusEvent.objects.filter(state="failure").order_by("id")
    assert list(said.values_list("attempt", flat=True)) == [1, 2, 3, 4]
    assert status(deployment) == Status.FINISHED


def test_success_ends_it_again() -> None:
    deployment, (device,) = failed(1)
    retried(deployment)
    call(device)
    say(device, deployment, "installing", "success")
    assert (part(device, deployment).state, status(deployment)) == ("success", Status.FINISHED)


def test_only_those_listed() -> None:
    deployment, (one, other) = failed(2)
    assert retried(deployment, one, make_device(one.organization)) == Retried(1, {"not_failed": 1})
    assert (part(one, deployment).state, part(other, deployment).state) == ("pending", "failure")


def test_only_those_listed_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "BATCH", 2)
    deployment, devices = failed(5)
    assert retried(deployment, *devices[:3]).job
    run_due()
    states = [part(device, deployment).state for device in devices]
    assert states == ["pending"] * 3 + ["failure"] * 2


def test_who_has_been_in_a_newer_one_is_left_behind() -> None:
    deployment, (one, other) = failed(2)
    newer = make_deployment(devices=[one])
    call(one)
    assert retried(deployment) == Retried(1, {"newer_done": 1})
    assert offered(one) == str(newer.id)
    assert offered(other) == str(deployment.id)


def test_nothing_changes_where_all_are_left_behind() -> None:
    deployment, (device,) = failed(1)
    decommission(actor=make_actor(device.organization), device=device)
    assert retried(deployment) == Retried(0, {"gone": 1})
    assert status(deployment) == Status.FINISHED


def test_many_are_done_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "BATCH", 2)
    deployment, devices = failed(5)
    found = retried(deployment)
    assert (found.devices, found.job is not None) == (5, True)
    waiting = deployment.device_deployments.filter(state="pending")
    assert waiting.count() == 2
    run_due()
    assert waiting.count() == len(devices)


def test_it_is_refused_where_it_makes_no_sense() -> None:
    deployment, (device,) = failed(1)
    with pytest.raises(Forbidden):
        retry_failed(
            actor=make_actor(device.organization, "viewer"), deployment=deployment, devices=None
        )
    with pytest.raises(Invalid, match="At most"):
        retry_failed(
            actor=make_actor(device.organization),
            deployment=deployment,
            devices=[uuid4()] * (retrying.MAX_LISTED + 1),
        )
    twin = Deployment.objects.get()
    twin.pk, twin.id, twin.finished_at = None, uuid4(), None
    twin.save(force_insert=True)
    with pytest.raises(Conflict) as refusal:
        retried(deployment)
    assert refusal.value.code == "duplicate_deployment"
    assert part(device, deployment).state == "failure"


def test_neither_an_aborted_one_nor_one_without_failures() -> None:
    organization = make_organization()
    deployment = make_deployment(devices=[make_device(organization)])
    with pytest.raises(Conflict, match="has failed"):
        retried(deployment)
    abort(actor=make_actor(organization), deployment=deployment)
    with pytest.raises(Conflict, match="aborted"):
        retried(deployment)
