"""Which image a device is prepared to be updated to."""

import pytest

from artifacts.models import Artifact, IncomingImage
from deployments.device_update.changing import initialize, reset, start
from deployments.device_update.deriving import update_of
from deployments.device_update.states import UpdateState as U
from deployments.models import Deployment
from deployments.outcomes import COURSE, Course
from fleet.errors import Conflict, Forbidden, NotFound
from fleet.models import Device, Role
from tests.deployments.calls import call, part, say
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    """Of type "board", which runs "old"."""
    return make_device(make_organization(), name="box", device_type="board", software="old")


def image(device: Device, name: str, **facts: object) -> Artifact:
    return make_artifact(make_release(device.organization, name=name), **facts)  # type: ignore[arg-type]


def prepare(device: Device, number: int | None = None) -> Deployment:
    return initialize(actor=make_actor(device.organization), device=device, image=number)


def refusal(device: Device, number: int | None = None) -> str:
    with pytest.raises(Conflict) as refused:
        prepare(device, number)
    return refused.value.code


def test_the_newest_that_fits_and_is_not_installed(device: Device) -> None:
    image(device, "first")
    wanted = image(device, "second")
    image(device, "old")
    image(device, "for another", device_types=["other"])
    image(device, "for what it has not", depends={"colour": ["green"]})
    image(make_device(make_organization(), device_type="board"), "not ours")
    deployment = prepare(device)
    assert deployment.release == wanted.release
    assert deployment.name == "NPM update of box to second"
    assert (deployment.size, part(device, deployment).device) == (1, device)
    update = update_of(device)
    assert (update.state, update.target_version) == (U.INITIALIZED, "second")


def test_of_the_version_it_has_there_is_nothing_new(device: Device) -> None:
    same = image(device, "old again")
    same.release.version = "3.1"
    same.release.save()
    Device.objects.filter(number=device.number).update(sensor_version="3.1")
    device.refresh_from_db()
    assert refusal(device) == "no_valid_image"
    assert prepare(device, same.number).release == same.release


def test_an_invalidated_release_has_no_valid_image(device: Device) -> None:
    only = image(device, "only")
    only.release.invalidated_at = only.created_at
    only.release.save()
    assert refusal(device) == "no_valid_image"


def test_none_at_all(device: Device) -> None:
    assert refusal(device) == "no_valid_image"
    assert not Deployment.objects.exists()


def test_the_one_that_is_named(device: Device) -> None:
    wanted = image(device, "first")
    image(device, "second")
    assert prepare(device, wanted.number).release == wanted.release


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30])
def test_one_that_there_is_not(device: Device, number: int) -> None:
    with pytest.raises(NotFound) as refused:
        prepare(device, number)
    assert refused.value.code == "image_not_found"


def test_one_of_another_organization_there_is_not(device: Device) -> None:
    theirs = image(make_device(make_organization(), device_type="board"), "theirs")
    with pytest.raises(NotFound):
        prepare(device, theirs.number)


def test_one_that_is_still_coming(device: Device) -> None:
    IncomingImage.objects.create(number=77, organization=device.organization, device=device)
    assert refusal(device, 77) == "no_valid_image"


def test_one_whose_release_would_give_it_another(device: Device) -> None:
    """Of two that fit the smaller one is chosen, as in any deployment."""
    small = image(device, "both", size=10)
    large = make_artifact(small.release, size=20, depends={"artifact_name": ["old"]})
    assert refusal(device, large.number) == "no_valid_image"
    assert prepare(device, small.number).release == small.release


def test_only_an_idle_one_is_prepared(device: Device) -> None:
    image(device, "new")
    prepare(device)
    assert refusal(device) == "invalid_state"
    start(actor=make_actor(device.organization), device=device)
    assert refusal(device) == "invalid_state"
    assert Deployment.objects.count() == 1


def test_a_failed_one_is_reset_before_it_is_prepared(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "failure")
    assert refusal(device) == "invalid_state"
    reset(actor=make_actor(device.organization), device=device)
    prepare(device)


def test_what_is_not_prepared_cannot_be_started(device: Device) -> None:
    with pytest.raises(Conflict) as refused:
        start(actor=make_actor(device.organization), device=device)
    assert refused.value.code == "invalid_state"


def course(deployment: Deployment) -> str:
    return str(Deployment.objects.annotate(course=COURSE).get(pk=deployment.pk).course)


def test_it_is_a_job_like_any_other(device: Device) -> None:
    image(device, "new")
    deployment = prepare(device)
    assert course(deployment) == Course.NEW
    start(actor=make_actor(device.organization), device=device)
    assert course(deployment) == Course.IN_PROGRESS
    reset(actor=make_actor(device.organization), device=device)
    assert course(deployment) == Course.CANCELED
    assert update_of(device).state is U.IDLE


def test_who_may_not_deploy_changes_nothing(device: Device) -> None:
    image(device, "new")
    actor = make_actor(device.organization, Role.VIEWER)
    with pytest.raises(Forbidden):
        initialize(actor=actor, device=device)
    assert not Deployment.objects.exists()


def test_a_device_that_speaks_hawkbits_language(device: Device) -> None:
    target = make_target(
        device.organization, attributes={"device_type": "board"}, device_type="board"
    )
    wanted = image(device, "new")
    make_distribution_set(device.organization)
    assert prepare(target).release == wanted.release
