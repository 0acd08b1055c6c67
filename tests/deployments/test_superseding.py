"""What is assigned takes back what its devices were to install until then."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments.assigning import Wish, assign, report_installed
from deployments.cancelling import request_cancel
from deployments.confirming import confirm, deny
from deployments.finishing import close_complete
from deployments.forcing import force
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import poll
from deployments.planning import PhasePlan
from deployments.reach import ADD, CHANGE
from deployments.states import State
from fleet.errors import Forbidden
from fleet.models import Device
from tests.deployments.calls import call, offered, part
from tests.deployments.groups import make_rollout
from tests.make import (
    make_actor,
    make_artifact,
    make_claims,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
    make_target,
)

pytestmark = pytest.mark.django_db


def assigned(release: Release, *devices: Device, offline: bool = False) -> Deployment:
    organization = release.organization
    wishes = [Wish(device, release.number) for device in devices]
    made = assign(
        actor=make_actor(organization), organization=organization, wishes=wishes, offline=offline
    )
    return made.rows[0].deployment


def facts(row: DeviceDeployment) -> tuple[str, bool, bool]:
    row.refresh_from_db()
    return row.state, row.is_open, row.cancel_requested_at is not None


def test_what_was_planned_ends_for_who_speaks_mender_and_goes_on_for_others() -> None:
    organization = make_organization()
    mender, other, left = make_device(organization), make_target(organization), None
    left = make_device(organization)
    planned = make_deployment(organization)
    release = make_artifact(make_release(organization)).release
    assigned(release, mender, other)
    assert facts(part(mender, planned)) == ("aborted", False, False)
    assert facts(part(other, planned)) == ("pending", True, True)
    assert facts(part(left, planned)) == ("pending", True, False)


def test_a_device_goes_on_with_what_it_was_assigned() -> None:
    organization = make_organization()
    device = make_device(organization, device_type="board", software="old")
    planned = make_deployment(organization, devices=[device])
    assert offered(device) == str(planned.id)
    release = make_artifact(make_release(organization)).release
    made = assigned(release, device)
    assert offered(device) == str(made.id)


def test_an_assignment_is_installed_though_the_device_says_it_has_it() -> None:
    organization = make_organization()
    device = make_device(organization, device_type="board", software="old")
    release = make_artifact(make_release(organization)).release
    made = assigned(release, device)
    provides = {"device_type": "board", "artifact_name": release.name}
    offer = poll(make_claims(device), provides)
    assert offer is not None
    assert offer.deployment_id == made.id


def test_a_group_that_has_yet_to_open_loses_who_was_assigned_something_else() -> None:
    organization = make_organization()
    first, second = make_target(organization), make_target(organization)
    rollout = make_rollout([first], [second])
    waiting = make_rollout([second], opened=0)
    release = make_distribution_set(organization)
    assigned(release, first, second)
    assert facts(part(first, rollout)) == ("pending", True, True)
    assert facts(part(second, rollout)) == ("aborted", False, False)
    # That one has not started: it takes back the assignment when it does.
    assert facts(part(second, waiting)) == ("pending", True, False)


def test_what_is_planned_for_later_stays_planned() -> None:
    organization = make_organization()
    device = make_target(organization)
    later = PhasePlan(starts_at=timezone.now() + timedelta(days=1))
    planned = make_deployment(organization, devices=[device], phases=[later])
    assigned(make_distribution_set(organization), device)
    assert facts(part(device, planned)) == ("pending", True, False)


def test_a_deployment_ends_with_the_last_of_its_parts(
    django_capture_on_commit_callbacks: object,
) -> None:
    organization = make_organization()
    device = make_device(organization)
    planned = make_deployment(organization, devices=[device])
    assigned(make_distribution_set(organization), device)
    close_complete()
    planned.refresh_from_db()
    assert planned.finished_at is not None
    assert Deployment.objects.active().count() == 1


def test_what_a_device_reports_as_installed_takes_nothing_back() -> None:
    organization = make_organization()
    device = make_target(organization, software="old")
    release = make_distribution_set(organization)
    actor = make_actor(organization)
    assert report_installed(actor=actor, device=device, release=release)
    assert not report_installed(actor=actor, device=device, release=release)
    device.refresh_from_db()
    assert (device.software, device.installed_at is not None) == (release.name, True)
    row = device.device_deployments.get()
    assert (row.state, row.software_before) == (State.SUCCESS, "old")
    close_complete()
    assert not Deployment.objects.active().exists()
    other = make_distribution_set(organization, version="2.0")
    assigned(other, device)
    assert not report_installed(actor=actor, device=device, release=release)


def test_a_device_without_anything_to_do_is_told_nothing_of_what_was_cancelled() -> None:
    organization = make_organization()
    device = make_device(organization, device_type="board", software="old")
    planned = make_deployment(organization, devices=[device])
    offered(device)
    nothing_fits = make_artifact(make_release(organization), device_types=["other"]).release
    assigned(nothing_fits, device)
    assert call(device) is None
    assert facts(part(device, planned))[0] == "aborted"


def test_within_bounds_one_assigns_to_the_devices_of_the_scope() -> None:
    organization = make_organization()
    inside = make_target(organization, group="lab")
    outside = make_target(organization, group="field")
    release = make_distribution_set(organization)
    bounds = {ADD: frozenset({"lab"}), CHANGE: frozenset({"lab"})}
    actor = replace(make_actor(organization), permissions=frozenset(), scoped=bounds)

    def assigned_by(device: Device) -> list[DeviceDeployment]:
        wishes = [Wish(device, release.number)]
        return assign(actor=actor, organization=organization, wishes=wishes).rows

    (row,) = assigned_by(inside)
    request_cancel(actor=actor, row=row)
    with pytest.raises(Forbidden):
        assigned_by(outside)
    assigned(release, outside)
    other = outside.device_deployments.select_related("device", "deployment").get()
    for operation in (request_cancel, force, confirm, deny):
        with pytest.raises(Forbidden):
            operation(actor=actor, row=other)
