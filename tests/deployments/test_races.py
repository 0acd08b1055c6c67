"""Reports, aborts and departures that meet."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction

from deployments.aborting import abort
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.offers import poll
from deployments.reporting import report
from deployments.states import State
from fleet.admission import decommission
from fleet.errors import Conflict, NotFound
from fleet.models import Device
from jobs.running import run_due
from tests.at_once import at_once
from tests.make import (
    make_actor,
    make_artifact,
    make_claims,
    make_deployment,
    make_device,
    make_organization,
)

pytestmark = pytest.mark.django_db(transaction=True)

Call = Callable[[], str]


def fleet(size: int) -> tuple[Deployment, list[Device]]:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(size)]
    return make_deployment(organization), devices


def call(device: Device) -> None:
    poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})


def saying(device: Device, deployment: Deployment, state: State) -> Call:
    def say() -> str:
        try:
            report(device=device, deployment_id=deployment.id, state=state, substate=None)
        except (Conflict, NotFound) as refusal:
            return refusal.code
        return "taken"

    return say


def test_an_abort_among_late_reports_leaves_every_row_in_a_legal_state() -> None:
    deployment, devices = fleet(60)
    for device in devices[:40]:
        call(device)
    actor = make_actor(deployment.organization)

    def stop() -> str:
        abort(actor=actor, deployment=deployment)
        return "stopped"

    words = (State.INSTALLING, State.SUCCESS, State.FAILURE)
    reports: list[Call] = [
        saying(device, deployment, state)
        for device, state in zip(devices[:40], itertools.cycle(words), strict=False)
    ]
    asking = [lambda device=device: str(call(device)) for device in devices[40:]]
    answers = at_once([*reports[:20], *asking[:10], stop, *reports[20:], *asking[10:]])
    run_due()
    assert set(answers) <= {"taken", "deployment_aborted", "stopped", "None"}
    rows = DeviceDeployment.objects.all()
    assert not rows.open().exists()
    assert set(rows.values_list("state", flat=True)) <= {"success", "failure", "aborted"}
    taken = StatusEvent.objects.exclude(state="installing").count()
    assert rows.exclude(state="aborted").count() == taken


def test_the_last_reports_together_finish_the_deployment() -> None:
    deployment, devices = fleet(24)
    for device in devices:
        call(device)
    assert set(at_once(saying(device, deployment, State.SUCCESS) for device in devices)) == {
        "taken"
    }
    deployment.refresh_from_db()
    assert deployment.finished_at


def test_one_report_said_many_times_at_once_is_written_once() -> None:
    deployment, (device,) = fleet(1)
    call(device)
    at_once(itertools.repeat(saying(device, deployment, State.INSTALLING), 40))
    assert StatusEvent.objects.count() == 1


def test_a_failure_said_many_times_at_once_costs_one_attempt() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=3)
    call(device)
    at_once(itertools.repeat(saying(device, deployment, State.FAILURE), 40))
    row = DeviceDeployment.objects.get()
    assert (row.state, row.attempts, StatusEvent.objects.count()) == ("pending", 1, 1)


def test_one_deployment_asked_for_many_times_at_once_is_made_once() -> None:
    release = make_artifact().release

    def create() -> str:
        try:
            make_deployment(release.organization, release=release, devices=["1"], name="one")
        except Conflict as refusal:
            return refusal.code
        return "made"

    assert sorted(at_once([create] * 12)) == ["duplicate_deployment"] * 11 + ["made"]
    assert DeviceDeployment.objects.count() == 1


def test_devices_that_leave_while_they_report_leave_nothing_open() -> None:
    deployment, devices = fleet(30)
    for device in devices:
        call(device)
    actor = make_actor(deployment.organization)
    leaving: list[Call] = [
        lambda device=device: str(decommission(actor=actor, device=device)) for device in devices
    ]
    reports = [saying(device, deployment, State.SUCCESS) for device in devices]
    at_once(itertools.chain.from_iterable(zip(reports, leaving, strict=True)))
    states = DeviceDeployment.objects.values_list("state", flat=True)
    assert set(states) <= {"success", "decommissioned"}
    deployment.refresh_from_db()
    assert deployment.finished_at


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_device_that_leaves_while_it_is_enlisted_is_waited_for(is_listed: bool) -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(2)]
    actor = make_actor(organization)

    def leave() -> None:
        try:
            decommission(actor=actor, device=devices[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            made = make_deployment(organization, devices=devices if is_listed else ())
            leaving = pool.submit(leave)
            wait([leaving], timeout=0.5)
        leaving.result()
    left, stays = made.device_deployments.order_by("number")
    assert (left.device, left.state) == (None, State.DECOMMISSIONED)
    assert (stays.device, stays.state) == (devices[1], State.PENDING)
