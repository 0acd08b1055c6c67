"""A device asks what to do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from deployments.models import Deployment, DeviceDeployment
from deployments.offers import Offer, Unauthorized, poll
from deployments.planning import PhasePlan
from fleet.errors import Conflict, Invalid
from fleet.models import Contact, Device
from fleet.presence import flush
from tests.make import make_artifact, make_claims, make_deployment, make_device, make_release

pytestmark = pytest.mark.django_db


def call(device: Device, device_type: str = "board", software: str = "old") -> Offer | None:
    provides = {"device_type": device_type, "artifact_name": software}
    return poll(make_claims(device), provides)


def row(deployment: Deployment) -> DeviceDeployment:
    return deployment.device_deployments.get()


def test_nothing_to_do_is_one_query_and_no_write(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    claims = make_claims(make_device())
    with django_assert_num_queries(1):
        assert poll(claims, {"device_type": "board", "artifact_name": "old"}) is None


def test_it_is_offered_what_fits() -> None:
    device = make_device()
    release = make_release(device.organization, name="os-2")
    make_artifact(release, device_types=["other"])
    artifact = make_artifact(release, device_types=["board", "plank"], size=4096)
    deployment = make_deployment(release=release, devices=[device])
    offer = call(device)
    part = row(deployment)
    assert offer == Offer(
        deployment.id,
        part.number,
        artifact.id,
        "os-2",
        ("board", "plank"),
        artifact.file,
        4096,
        device.organization_id,
    )
    assert (part.artifact, part.device_type, part.attempts) == (artifact, "board", 1)
    assert (part.state, part.phase) == ("pending", deployment.phases.get())


def test_a_standing_offer_is_repeated_by_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    first, claims = call(device), make_claims(device)
    with django_assert_num_queries(1):
        again = poll(claims, {"device_type": "board", "artifact_name": "old", "new": "fact"})
    assert again == first
    assert row(deployment).attempts == 1


def test_a_changed_type_conflicts_with_what_stands() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device)
    with pytest.raises(Conflict) as raised:
        call(device, device_type="other")
    assert raised.value.code == "conflicting_request"
    assert row(deployment).state == "pending"


def test_nothing_fits_ends_its_part_and_the_call_goes_on() -> None:
    device = make_device()
    misfit = make_artifact(make_release(device.organization), device_types=["other"]).release
    first = make_deployment(release=misfit, devices=[device])
    second = make_deployment(devices=[device])
    offer = call(device)
    assert offer is not None
    assert offer.deployment_id == second.id
    assert (row(first).state, row(first).is_open) == ("no_artifact", False)


@pytest.mark.django_db(transaction=True)
def test_what_it_has_already_ends_its_part_and_the_deployment() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    assert call(device, software=deployment.release_name) is None
    assert row(deployment).state == "already_installed"
    deployment.refresh_from_db()
    assert deployment.finished_at


def test_what_it_has_is_installed_again_when_forced() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], force_installation=True)
    assert call(device, software=deployment.release_name)


def test_it_may_have_got_it_before_it_said_so() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    assert call(device)
    assert call(device, software=deployment.release_name) is None
    assert row(deployment).state == "already_installed"


def test_depends_are_honoured() -> None:
    device = make_device()
    release = make_release(device.organization)
    make_artifact(release, depends={"rootfs": ["v1"]})
    deployment = make_deployment(release=release, devices=[device])
    assert call(device) is None
    assert row(deployment).state == "no_artifact"


def test_the_oldest_deployment_comes_first_and_what_has_begun_before_it() -> None:
    device = make_device()
    soon = timezone.now() + timedelta(hours=1)
    older = make_deployment(devices=[device], phases=[PhasePlan(starts_at=soon)])
    newer = make_deployment(devices=[device])
    offer = call(device)
    assert offer is not None
    assert offer.deployment_id == newer.id
    older.phases.update(starts_at=timezone.now())
    assert call(device) == offer


def test_a_device_never_goes_back_to_an_older_deployment() -> None:
    device = make_device()
    soon = timezone.now() + timedelta(hours=1)
    older = make_deployment(devices=[device], phases=[PhasePlan(starts_at=soon)])
    newer = make_deployment(devices=[device])
    call(device, software=newer.release_name)
    older.phases.update(starts_at=timezone.now())
    assert call(device) is None
    assert row(older).is_open


def test_an_aborted_deployment_is_offered_to_nobody() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device)
    now = timezone.now()
    Deployment.objects.filter(pk=deployment.pk).update(aborted_at=now, finished_at=now)
    assert call(device) is None


def test_a_call_is_remembered() -> None:
    device = make_device()
    call(device)
    flush()
    assert Contact.objects.get().device == device


@pytest.mark.parametrize(
    "change",
    [{"status": "rejected"}, {"token_serial": 1}, {"token_issued_at": None}],
)
def test_a_token_that_no_longer_stands_is_refused(change: dict[str, object]) -> None:
    device = make_device()
    claims = make_claims(device)
    device.auth_sets.update(**change)
    with pytest.raises(Unauthorized):
        poll(claims, {"device_type": "board", "artifact_name": "old"})


@pytest.mark.parametrize("device_type", ["x" * 257, "a\0b"])
def test_a_type_that_cannot_be_kept_is_refused(device_type: str) -> None:
    device = make_device()
    make_deployment(devices=[device])
    with pytest.raises(Invalid):
        call(device, device_type=device_type)


def test_a_device_that_is_leaving_is_refused() -> None:
    device = make_device()
    Device.objects.update(is_leaving=True)
    with pytest.raises(Unauthorized):
        call(device)


def test_a_token_of_whoever_had_the_numbers_before_stands_no_more() -> None:
    device = make_device()
    claims = make_claims(device)
    Device.objects.filter(pk=device.pk).update(id=uuid4())
    with pytest.raises(Unauthorized):
        poll(claims, {"device_type": "board", "artifact_name": "old"})
