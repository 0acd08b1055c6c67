"""A dynamic deployment is for whoever matches its filter when it asks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artifacts.operations import delete_artifact
from deployments.finishing import close_complete
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import poll
from deployments.planning import PhasePlan
from deployments.reporting import report
from deployments.states import State
from fleet.errors import Conflict, Invalid
from fleet.models import Device, Inventory
from tests.deployments.dynamic import blue, call, make_dynamic, red
from tests.make import (
    make_actor,
    make_artifact,
    make_claims,
    make_deployment,
    make_organization,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def end(device: Device, deployment: Deployment, state: State = State.SUCCESS) -> None:
    report(device=device, deployment_id=deployment.id, state=state, substate=None)


def test_nobody_is_enlisted_until_they_ask() -> None:
    organization = make_organization()
    ours, theirs = red(organization), blue(organization)
    deployment = make_dynamic(organization)
    assert (deployment.size, deployment.device_deployments.count()) == (1, 0)
    offer = call(ours)
    assert offer
    assert offer.deployment_id == deployment.id
    assert call(theirs) is None
    row = deployment.device_deployments.get()
    assert (row.device, row.device_ref, row.device_name) == (ours, str(ours.id), ours.name)
    assert (row.state, row.attempts, row.is_instructed) == ("pending", 1, True)
    assert (row.phase, row.device_type) == (deployment.phases.get(), "board")
    assert call(ours) == offer


def test_it_is_for_devices_that_come_or_change_later() -> None:
    organization = make_organization()
    deployment = make_dynamic(organization)
    assert deployment.size == 0
    late, changed = red(organization), blue(organization)
    assert call(changed) is None
    Inventory.objects.filter(device=changed).update(
        attributes={"inventory": {"color": "red", "device_type": "board"}}
    )
    assert call(late)
    assert call(changed)


def test_the_filter_is_kept_as_it_was() -> None:
    organization = make_organization()
    device, deployment = red(organization), make_dynamic(organization)
    organization.saved_filters.all().delete()
    assert call(device)
    assert deployment.filter
    assert deployment.filter["terms"][0]["value"] == "red"


def test_another_organization_s_devices_do_not_come() -> None:
    make_dynamic(make_organization())
    assert call(red(make_organization())) is None


def test_what_has_it_or_what_nothing_fits_comes_and_is_done() -> None:
    organization = make_organization()
    deployment = make_dynamic(organization)
    assert call(red(organization), software=deployment.release_name) is None
    assert call(red(organization), device_type="other") is None
    states = deployment.device_deployments.order_by("number").values_list("state", flat=True)
    assert list(states) == ["already_installed", "no_artifact"]


def test_they_come_in_order_with_the_others() -> None:
    organization = make_organization()
    device = red(organization)
    made = [
        make_deployment(organization, devices=[device]),
        make_dynamic(organization),
        make_deployment(organization, devices=[device]),
        make_dynamic(organization),
    ]
    for deployment in made:
        offer = call(device)
        assert offer
        assert offer.deployment_id == deployment.id
        end(device, deployment)
    assert call(device) is None


def test_one_that_a_device_does_not_match_holds_nothing_up() -> None:
    organization = make_organization()
    device = blue(organization)
    make_dynamic(organization)
    static = make_deployment(organization, devices=[device])
    offer = call(device)
    assert offer
    assert offer.deployment_id == static.id


def test_a_device_never_goes_back_to_an_older_one() -> None:
    organization = make_organization()
    device = blue(organization)
    older = make_dynamic(organization)
    newer = make_deployment(organization, devices=[device])
    call(device)
    end(device, newer)
    Inventory.objects.filter(device=device).update(attributes={"inventory": {"color": "red"}})
    assert call(device) is None
    assert not older.device_deployments.exists()


def test_a_device_is_in_it_once() -> None:
    organization = make_organization()
    device, deployment = red(organization), make_dynamic(organization)
    call(device)
    end(device, deployment)
    assert call(device) is None
    assert DeviceDeployment.objects.count() == 1


def test_nothing_to_do_is_one_query_and_no_part(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    organization = make_organization()
    device = red(organization)
    closed = make_dynamic(organization, phases=[PhasePlan(starts_at=timezone.now() + HOUR)])
    claims = make_claims(device)
    with django_assert_num_queries(1):
        assert poll(claims, {"device_type": "board", "artifact_name": "old"}) is None
    assert not closed.device_deployments.exists()


def test_it_does_not_end_by_itself() -> None:
    organization = make_organization()
    device, deployment = red(organization), make_dynamic(organization)
    call(device)
    end(device, deployment)
    assert close_complete() == 0
    deployment.refresh_from_db()
    assert deployment.finished_at is None


def test_a_retry_comes_back_to_it() -> None:
    organization = make_organization()
    device, deployment = red(organization), make_dynamic(organization, retries=1)
    call(device)
    end(device, deployment, State.FAILURE)
    assert call(device)
    row = deployment.device_deployments.get()
    assert (row.attempts, row.is_instructed) == (2, True)


def test_phases_need_somebody_to_cut() -> None:
    organization = make_organization()
    with pytest.raises(Invalid) as raised:
        make_dynamic(organization, phases=[PhasePlan(50), PhasePlan(None, timezone.now())])
    assert raised.value.code == "empty_phase"
    assert not Deployment.objects.exists()


def test_its_release_keeps_its_artifacts_and_gets_more() -> None:
    organization = make_organization()
    deployment = make_dynamic(organization)
    assert deployment.release
    with pytest.raises(Conflict) as raised:
        delete_artifact(actor=make_actor(organization), artifact=deployment.release.artifacts.get())
    assert raised.value.code == "artifact_in_use"
    later = make_artifact(deployment.release, device_types=["plank"])
    offer = call(red(organization), device_type="plank")
    assert offer
    assert offer.artifact_id == later.id
