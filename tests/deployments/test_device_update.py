"""The update of one device, as it follows from its parts in whatever deployments there are."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from deployments.aborting import abort
from deployments.device_update.changing import reset, start
from deployments.device_update.deriving import update_of
from deployments.device_update.installed import installations_of
from deployments.device_update.states import UpdateState as U
from deployments.holding import create_held
from deployments.models import Deployment, DeviceDeployment
from deployments.pausing import pause, resume
from deployments.planning import PhasePlan
from deployments.reporting import report
from deployments.retrying import retry_failed
from deployments.states import State
from deployments.stopping import stop_gracefully
from fleet.errors import Conflict
from fleet.models import Contact, Device, Inventory, Organization
from tests.deployments.calls import call, part, say
from tests.deployments.dynamic import make_dynamic
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def device(organization: Organization) -> Device:
    """Of type "board", which runs "old"."""
    return make_device(organization, device_type="board", software="old")


def state(device: Device) -> U:
    return update_of(Device.objects.get(number=device.number)).state


def told(device: Device) -> str:
    return update_of(Device.objects.get(number=device.number)).description


def since(device: Device) -> datetime:
    return update_of(Device.objects.get(number=device.number)).since


def held(device: Device, name: str = "new") -> Deployment:
    release = make_artifact(make_release(device.organization, name=name)).release
    return create_held(
        actor=make_actor(device.organization),
        organization=device.organization,
        device=device,
        release=release,
        name="for this device",
    )


def test_a_device_that_had_no_deployment_is_idle_since_it_was_made(device: Device) -> None:
    update = update_of(device)
    assert (update.state, update.since, update.deployment) == (U.IDLE, device.created_at, None)
    assert update.target_version == ""


def test_a_menders_device_goes_through_a_whole_update(device: Device) -> None:
    deployment = held(device)
    assert (state(device), told(device)) == (U.INITIALIZED, "Ready to start")
    assert call(device) is None
    assert update_of(device).target_version == "new"

    start(actor=make_actor(device.organization), device=device)
    assert (state(device), told(device)) == (U.RUNNING, "Waiting for the device")
    opened = deployment.phases.get().starts_at
    assert since(device) == opened

    assert call(device) is not None
    assert (state(device), told(device)) == (U.RUNNING, "The device was told")
    words = {"downloading": "Downloading", "installing": "Installing", "rebooting": "Rebooting"}
    for word, description in words.items():
        before = since(device)
        say(device, deployment, word)
        assert (state(device), told(device)) == (U.RUNNING, description)
        assert since(device) > before
    say(device, deployment, "success")
    assert (state(device), told(device)) == (U.IDLE, "Updated to new")
    assert since(device) == part(device, deployment).finished_at
    assert update_of(device).target_version == ""
    first, last = installations_of(device)
    assert (first.version, last.version) == ("old", "new")
    assert last.at == part(device, deployment).finished_at


def test_what_it_says_besides_is_in_the_description(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    told_state = State.DOWNLOADING
    report(device=device, deployment_id=deployment.id, state=told_state, substate="half of it")
    assert told(device) == "Downloading: half of it"


def test_what_it_already_had_is_no_new_installation(device: Device) -> None:
    release = make_artifact(make_release(device.organization, name="old")).release
    make_deployment(release=release, devices=[device])
    assert state(device) is U.RUNNING
    assert call(device) is None
    assert (state(device), told(device)) == (U.IDLE, "Already at the requested version")
    assert [each.version for each in installations_of(device)] == ["old"]


def test_nothing_that_fits_is_a_graceful_failure(device: Device) -> None:
    release = make_artifact(
        make_release(device.organization, name="new"), device_types=["other"]
    ).release
    make_deployment(release=release, devices=[device])
    call(device)
    assert (state(device), told(device)) == (U.FAILED_GRACEFUL, "No image fits the device")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["downloading", "failure"], U.FAILED_GRACEFUL),
        (["installing", "failure"], U.FAILED_GRACEFUL),
        (["installing", "rebooting", "failure"], U.FAILED_CRITICAL),
        (["rebooting", "paused_before_committing", "failure"], U.FAILED_CRITICAL),
        (["paused_before_rebooting", "failure"], U.FAILED_GRACEFUL),
    ],
)
def test_a_failure_is_critical_from_the_reboot_on(
    device: Device, words: list[str], expected: U
) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, *words)
    assert state(device) is expected
    assert since(device) == part(device, deployment).finished_at
    assert update_of(device).target_version == deployment.release_name


def failed_at_reboot(device: Device, substate: str | None = None) -> DeviceDeployment:
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "installing", "rebooting")
    report(device=device, deployment_id=deployment.id, state=State.FAILURE, substate=substate)
    return part(device, deployment)


def test_one_that_calls_later_has_come_back(device: Device) -> None:
    row = failed_at_reboot(device)
    assert state(device) is U.FAILED_CRITICAL
    assert row.finished_at is not None
    Contact.objects.update_or_create(
        device=device, defaults={"seen_at": row.finished_at + timedelta(seconds=5)}
    )
    assert state(device) is U.FAILED_GRACEFUL


def test_one_that_says_that_it_rolled_back_has_come_back(device: Device) -> None:
    failed_at_reboot(device, "ArtifactRollbackReboot_Leave")
    assert state(device) is U.FAILED_GRACEFUL
    assert told(device) == "ArtifactRollbackReboot_Leave"


def test_one_that_failed_and_runs_the_new_version_all_the_same_is_critical(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "installing", "failure")
    assert state(device) is U.FAILED_GRACEFUL
    Device.objects.filter(number=device.number).update(software=deployment.release_name)
    Inventory.objects.filter(device=device).update(updated_at=timezone.now())
    assert state(device) is U.FAILED_CRITICAL


def test_between_two_attempts_it_goes_on(device: Device) -> None:
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    say(device, deployment, "downloading", "failure")
    assert (state(device), told(device)) == (U.RUNNING, "Waiting for the next attempt")
    call(device)
    say(device, deployment, "downloading", "failure")
    assert state(device) is U.FAILED_GRACEFUL
    retry_failed(actor=make_actor(device.organization), deployment=deployment)
    assert state(device) is U.RUNNING


def test_a_phase_that_has_yet_to_open_holds_it(device: Device) -> None:
    soon = timezone.now() + timedelta(hours=1)
    deployment = make_deployment(devices=[device], phases=[PhasePlan(starts_at=soon)])
    assert (state(device), told(device)) == (U.INITIALIZED, "Waiting for its phase to open")
    assert since(device) == deployment.created_at
    with pytest.raises(Conflict, match="cannot be started from here") as refused:
        start(actor=make_actor(device.organization), device=device)
    assert refused.value.code == "invalid_state"
    opened = timezone.now() - timedelta(seconds=9)
    deployment.phases.update(starts_at=opened)
    assert (state(device), told(device)) == (U.RUNNING, "Waiting for the device")
    assert since(device) == deployment.created_at


def test_while_it_is_paused_nobody_begins(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    actor = make_actor(device.organization, name="ann@example.com")
    pause(actor=actor, deployment=deployment)
    assert (state(device), told(device)) == (U.INITIALIZED, "Paused by ann@example.com")
    resume(actor=actor, deployment=deployment)
    call(device)
    pause(actor=actor, deployment=deployment)
    assert state(device) is U.RUNNING


def test_what_runs_is_seen_before_what_comes_next(device: Device) -> None:
    first, second = make_deployment(devices=[device]), make_deployment(devices=[device])
    assert update_of(device).deployment == first
    call(device)
    waiting = held(device)
    assert update_of(device).deployment == first
    say(device, first, "success")
    assert update_of(device).deployment == second
    call(device)
    say(device, second, "success")
    update = update_of(device)
    assert (update.deployment, update.state) == (waiting, U.INITIALIZED)


def test_what_its_next_call_would_pass_over_is_not_seen_first(device: Device) -> None:
    release = make_artifact(make_release(device.organization), device_types=["other"]).release
    make_deployment(release=release, devices=[device])
    second = make_deployment(devices=[device])
    assert update_of(device).deployment == second


def test_what_it_was_taken_past_is_never_started(device: Device) -> None:
    waiting = held(device)
    second = make_deployment(devices=[device])
    assert update_of(device).deployment == second
    call(device)
    say(device, second, "success")
    assert state(device) is U.INITIALIZED
    assert told(device).endswith("does not go back")
    actor = make_actor(device.organization)
    with pytest.raises(Conflict) as refused:
        start(actor=actor, device=device)
    assert refused.value.code in {"invalid_state", "newer_done"}
    reset(actor=actor, device=device)
    assert state(device) is U.IDLE
    assert part(device, waiting).state == State.ABORTED


@pytest.fixture
def red_device(device: Device) -> Device:
    told = {"color": "red", "device_type": "board"}
    Inventory.objects.filter(device=device).update(attributes={"inventory": told})
    return device


def test_a_dynamic_one_that_its_next_call_would_join_is_seen(red_device: Device) -> None:
    device = red_device
    deployment = make_dynamic(device.organization)
    update = update_of(device)
    assert (update.state, update.deployment, update.row) == (U.RUNNING, deployment, None)
    assert update.target_version == deployment.release_name
    call(device)
    update = update_of(device)
    assert (update.state, update.row) == (U.RUNNING, part(device, deployment))


def test_a_reset_keeps_it_out_of_what_it_would_join(red_device: Device) -> None:
    deployment = make_dynamic(red_device.organization)
    assert state(red_device) is U.RUNNING
    reset(actor=make_actor(red_device.organization), device=red_device)
    assert state(red_device) is U.IDLE
    assert call(red_device) is None
    deployment.refresh_from_db()
    assert deployment.finished_at is None


def test_stopped_before_it_began_it_is_idle(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    actor = make_actor(device.organization, name="ann@example.com")
    stop_gracefully(actor=actor, deployment=deployment)
    assert (state(device), told(device)) == (U.IDLE, "Stopped by ann@example.com")


def test_stopped_gracefully_while_it_ran_it_goes_on(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    stop_gracefully(actor=make_actor(device.organization), deployment=deployment)
    assert state(device) is U.RUNNING
    say(device, deployment, "success")
    assert state(device) is U.IDLE
    assert installations_of(device)[-1].version == deployment.release_name


def test_aborted_while_it_ran_it_has_failed_gracefully(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    abort(actor=make_actor(device.organization), deployment=deployment)
    assert state(device) is U.FAILED_GRACEFUL
    assert "while updating" in told(device)


def expire(deployment: Deployment, ago: timedelta) -> datetime:
    at = timezone.now() - ago
    Deployment.objects.filter(number=deployment.number).update(expires_at=at)
    return at


def test_expired_before_it_began_it_is_idle(device: Device) -> None:
    at = expire(make_deployment(devices=[device]), timedelta(minutes=1))
    assert (state(device), since(device)) == (U.IDLE, at)
    assert told(device).startswith("Not updated before ")


def test_expired_while_it_ran_is_a_critical_failure(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    expire(deployment, timedelta(hours=1))
    assert state(device) is U.RUNNING
    at = expire(deployment, timedelta(hours=25))
    assert (state(device), since(device)) == (U.FAILED_CRITICAL, at + timedelta(days=1))


def test_a_failure_shows_until_somebody_acknowledges_it(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "failure")
    reset(actor=make_actor(device.organization), device=device)
    device.refresh_from_db()
    assert (state(device), since(device)) == (U.IDLE, device.update_reset_at)
    again = make_deployment(devices=[device])
    call(device)
    say(device, again, "failure")
    assert state(device) is U.FAILED_GRACEFUL


def test_a_reset_ends_the_part_of_this_device_alone(device: Device) -> None:
    other = make_device(device.organization, device_type="board", software="old")
    deployment = make_deployment(devices=[device, other])
    reset(actor=make_actor(device.organization, name="ann@example.com"), device=device)
    assert (state(device), told(device)) == (U.IDLE, "Stopped by ann@example.com")
    assert part(device, deployment).state == State.ABORTED
    assert call(device) is None
    assert state(other) is U.RUNNING
    assert call(other) is not None


def test_a_reset_takes_back_all_that_it_has_not_begun(device: Device) -> None:
    make_deployment(devices=[device])
    make_deployment(devices=[device])
    waiting = held(device)
    reset(actor=make_actor(device.organization), device=device)
    assert state(device) is U.IDLE
    assert not DeviceDeployment.objects.open().filter(device=device).exists()
    waiting.refresh_from_db()
    assert waiting.stop == Deployment.Stop.GRACEFUL


def test_what_it_has_begun_is_not_taken_back(device: Device) -> None:
    deployment = make_deployment(devices=[device])
    waiting = make_deployment(devices=[device])
    call(device)
    with pytest.raises(Conflict) as refused:
        reset(actor=make_actor(device.organization), device=device)
    assert refused.value.code == "invalid_state"
    assert part(device, deployment).is_open
    assert part(device, waiting).is_open


def test_an_idle_one_is_left_alone(device: Device) -> None:
    reset(actor=make_actor(device.organization), device=device)
    device.refresh_from_db()
    assert (state(device), device.update_reset_at) == (U.IDLE, None)


def test_whatever_it_installed_is_in_its_history_in_order(device: Device) -> None:
    done = [make_deployment(devices=[device]) for _ in range(3)]
    for deployment in done:
        call(device)
        say(device, deployment, "success")
        device.refresh_from_db()
    history = installations_of(device)
    assert [each.version for each in history] == ["old", *(each.release_name for each in done)]
    assert [each.at for each in history] == sorted(each.at for each in history)


def test_a_device_of_which_no_version_is_known(organization: Organization) -> None:
    silent = make_device(organization)
    (first,) = installations_of(silent)
    assert first == (silent.created_at, "")


def test_asking_costs_the_same_however_much_a_device_has_been_through(
    device: Device, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        deployment = make_deployment(devices=[device])
        call(device)
        say(device, deployment, "success")
    make_deployment(devices=[device])
    make_deployment(devices=[device])
    with django_assert_max_num_queries(20):
        update_of(device)
        installations_of(device)
