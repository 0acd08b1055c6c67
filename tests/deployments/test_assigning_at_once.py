"""Assignments of the same target that meet."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest

from artifacts.models import Release
from deployments.aborting import abort
from deployments.assigning import Wish, assign
from deployments.cancelling import force_quit, request_cancel
from deployments.models import Deployment, DeviceDeployment
from deployments.standing import ASSIGNED
from fleet.errors import Conflict, NotFound
from fleet.models import Device
from tests.at_once import at_once
from tests.deployments.calls import call, say
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
    make_target,
)

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 12


def assigned(release: Release, *devices: Device) -> int:
    """How many of the devices have been assigned it by this."""
    wishes = [Wish(device, release.number) for device in devices]
    organization = release.organization
    actor = make_actor(organization)
    return len(assign(actor=actor, organization=organization, wishes=wishes).rows)


def tried(end: object, row: DeviceDeployment) -> str:
    try:
        end(actor=make_actor(row.deployment.organization), row=row)  # type: ignore[operator]
    except Conflict as refusal:
        return refusal.code
    return "done"


def test_the_same_set_is_assigned_once() -> None:
    organization = make_organization()
    device, release = make_target(organization), make_distribution_set(organization)
    made = at_once([partial(assigned, release, device) for _ in range(TIMES)])
    assert sum(made) == 1
    assert DeviceDeployment.objects.count() == 1


def test_of_many_sets_one_is_left() -> None:
    organization = make_organization()
    devices = [make_target(organization) for _ in range(5)]
    sets = [make_distribution_set(organization, version=str(each)) for each in range(TIMES)]
    # In whatever order they name the devices.
    calls = [
        partial(assigned, release, *(devices if at % 2 else devices[::-1]))
        for at, release in enumerate(sets)
    ]
    assert at_once(calls) == [len(devices)] * TIMES
    for device in Device.objects.annotate(assigned=ASSIGNED):
        going = device.device_deployments.open().filter(cancel_requested_at__isnull=True)
        row = going.select_related("deployment").get()
        assert device.__dict__["assigned"] == row.deployment.release_id
        assert device.device_deployments.count() == TIMES


def test_it_is_cancelled_once_and_ended_once() -> None:
    organization = make_organization()
    device, release = make_target(organization), make_distribution_set(organization)
    assigned(release, device)
    row = DeviceDeployment.objects.select_related("device", "deployment").get()
    answers = at_once([partial(tried, request_cancel, row) for _ in range(TIMES)])
    assert sorted(answers) == ["action_not_cancelable"] * (TIMES - 1) + ["done"]
    answers = at_once([partial(tried, force_quit, row) for _ in range(TIMES)])
    assert sorted(answers) == ["action_not_force_quitable"] * (TIMES - 1) + ["done"]
    assert row.events.count() == 3


def reports(device: Device, deployment: Deployment) -> str:
    call(device)
    try:
        say(device, deployment, "installing", "success")
    except (Conflict, NotFound) as refusal:
        return refusal.code
    return "reported"


def stops(deployment: Deployment) -> str:
    with suppress(Conflict):
        abort(actor=make_actor(deployment.organization), deployment=deployment)
    return "stopped"


def test_devices_report_while_something_else_is_assigned_and_the_plan_is_aborted() -> None:
    organization = make_organization()
    devices = [make_device(organization, device_type="board") for _ in range(TIMES)]
    planned = make_deployment(organization)
    release = make_artifact(make_release(organization)).release
    calls: list[Callable[[], object]] = [partial(reports, each, planned) for each in devices]
    calls += [partial(assigned, release, *devices[::step]) for step in (1, -1, 2, -2)]
    calls.append(partial(stops, planned))
    answers = at_once(calls)
    told = {answer for answer in answers if isinstance(answer, str)}
    assert told <= {"reported", "stopped", "deployment_aborted", "not_in_deployment"}
    assert sum(answer for answer in answers if isinstance(answer, int)) == TIMES
    assert not planned.device_deployments.open().exists()
    rows = DeviceDeployment.objects.open().filter(deployment__release=release)
    assert rows.values("device").distinct().count() == rows.count() == TIMES
