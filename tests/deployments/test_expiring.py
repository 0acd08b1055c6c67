"""What has a time to begin by: who has not is over then, who has has a day more."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from deployments import expiring
from deployments.derived import STATE_WORD
from deployments.expiring import expire
from deployments.models import OVERTIME, Deployment, DeviceDeployment
from deployments.outcomes import COURSE, OUTCOME, Course, Outcome, tallies
from deployments.progress import progress_of
from deployments.retrying import retry_failed
from deployments.states import Cause, State, Status
from deployments.statistics import counts, status_of
from deployments.stopping import stop_gracefully
from fleet.errors import Conflict
from fleet.models import Device
from query.tree import Operator
from tests.api.hawkbit.ddi.callers import controller
from tests.api.hawkbit.ddi.making import assign
from tests.api.mender.callers import box
from tests.deployments.calls import call, offered, part, say
from tests.make import (
    make_actor,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def go(self, ahead: timedelta) -> None:
        self.now += ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def make_expiring(*devices: Device | str, **facts: object) -> Deployment:
    """It ends in a week."""
    deployment = make_deployment(devices=devices, **facts)
    deployment.expires_at = timezone.now() + WEEK
    deployment.save()
    return deployment


def outcomes(deployment: Deployment) -> list[str]:
    rows = deployment.device_deployments.order_by("number")
    return list(rows.values_list(OUTCOME, flat=True))


def status(deployment: Deployment) -> tuple[Status, str]:
    deployment.refresh_from_db()
    counted = counts([deployment.number])[deployment.number]
    rows = Deployment.objects.filter(number=deployment.number).annotated_with_status()
    return status_of(deployment, counted), rows.get().status


def test_who_has_not_begun_is_over_before_anybody_writes_it(clock: Clock) -> None:
    home = make_organization()
    devices = [make_device(home) for _ in range(3)]
    deployment = make_expiring(*devices)
    call(devices[0])
    call(devices[1])
    say(devices[1], deployment, "success")
    clock.go(WEEK - SECOND)
    assert outcomes(deployment) == [Outcome.STARTING, Outcome.SUCCESSFUL, Outcome.WAITING]
    clock.go(SECOND)
    expected = [Outcome.STARTING, Outcome.SUCCESSFUL, Outcome.EXPIRED]
    assert outcomes(deployment) == expected
    rows = deployment.device_deployments.order_by("number")
    assert [row.state for row in rows] == ["pending", "success", "pending"]
    told = rows.with_effective_state().values_list("effective_state", flat=True)
    assert list(told) == ["pending", "success", "aborted"]
    assert rows.filter(STATE_WORD.compare(Operator.EQUAL, "aborted")).count() == 1
    expected_counts = {State.PENDING: 1, State.SUCCESS: 1, State.ABORTED: 1}
    assert counts([deployment.number])[deployment.number] == expected_counts
    assert progress_of([deployment])[0].counts == expected_counts
    assert call(devices[2]) is None
    assert status(deployment) == (Status.IN_PROGRESS, "in_progress")
    assert expire() == 1
    assert expire() == 0
    assert outcomes(deployment) == expected
    row = part(devices[2], deployment)
    assert (row.state, row.cause) == (State.ABORTED, Cause.EXPIRED)


def test_who_has_begun_has_a_day_more(clock: Clock) -> None:
    device = box()
    deployment = make_expiring(device.device)
    assert device.poll().status_code == 200
    clock.go(WEEK + OVERTIME - SECOND)
    assert expire() == 0
    assert device.report(deployment.id, "installing").status_code == 204
    assert outcomes(deployment) == [Outcome.ACTIVE]
    clock.go(SECOND)
    assert outcomes(deployment) == [Outcome.EXPIRED]
    assert status(deployment) == (Status.FINISHED, "finished")
    assert device.report(deployment.id, "success").status_code == 409
    assert expire() == 1
    assert device.report(deployment.id, "success").status_code == 409
    assert outcomes(deployment) == [Outcome.EXPIRED]
    deployment.refresh_from_db()
    assert deployment.finished_at == clock.now
    assert deployment.aborted_at is None


def test_a_device_that_names_itself_is_told_nothing_after_it(clock: Clock) -> None:
    home = make_organization()
    begun, late = make_target(home), make_target(home)
    release = make_distribution_set(home)
    rows = [assign(each, release, expires_at=clock.now + WEEK) for each in (begun, late)]
    assert controller(begun).get(controller(begun).links()["deploymentBase"]).status_code == 200
    assert "deploymentBase" in controller(late).links()
    clock.go(WEEK)
    assert "deploymentBase" not in controller(late).links()
    assert controller(late).get(f"deploymentBase/{rows[1].number}").status_code == 404
    assert "deploymentBase" in controller(begun).links()
    path = f"deploymentBase/{rows[0].number}"
    assert controller(begun).say(path, "proceeding") == 200
    clock.go(OVERTIME)
    assert controller(begun).say(path, "closed", "success") == 410


def test_who_fails_after_the_end_is_not_tried_again(clock: Clock) -> None:
    device = make_device()
    deployment = make_expiring(device, retries=2)
    call(device)
    clock.go(WEEK)
    say(device, deployment, "failure")
    assert outcomes(deployment) == [Outcome.FAILED]


def test_who_was_between_two_attempts_is_over(clock: Clock) -> None:
    device = make_device()
    deployment = make_expiring(device, retries=2)
    call(device)
    say(device, deployment, "failure")
    assert outcomes(deployment) == [Outcome.WAITING]
    clock.go(WEEK)
    assert outcomes(deployment) == [Outcome.EXPIRED]
    assert call(device) is None
    with pytest.raises(Conflict):
        say(device, deployment, "success")
    assert expire() == 1


def test_it_ends_in_batches_and_is_finished(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "BATCH", 2)
    deployment = make_expiring(*"12345")
    clock.go(WEEK)
    assert Deployment.objects.annotate(course=COURSE).get().course == Course.COMPLETED
    assert expire() == 5
    deployment.refresh_from_db()
    assert deployment.finished_at == clock.now
    assert set(outcomes(deployment)) == {Outcome.EXPIRED}
    assert set(DeviceDeployment.objects.values_list("cause", flat=True)) == {Cause.EXPIRED}


def test_what_is_behind_it_comes_to_its_turn(clock: Clock) -> None:
    device = make_device()
    make_expiring(device, "another")
    newer = make_deployment(devices=[device])
    clock.go(WEEK)
    assert offered(device) == str(newer.id)


def test_whatever_comes_first_is_what_became_of_who_had_not_begun(clock: Clock) -> None:
    stopped, expired = make_expiring("1"), make_expiring("2")
    stop_gracefully(actor=make_actor(stopped.organization), deployment=stopped)
    clock.go(WEEK + SECOND)
    assert outcomes(stopped) == [Outcome.STOPPED]
    stop_gracefully(actor=make_actor(expired.organization), deployment=expired)
    assert outcomes(expired) == [Outcome.EXPIRED]
    assert tallies([expired])[expired.number].counts == {Outcome.EXPIRED: 1}


def test_what_has_no_end_never_does(clock: Clock) -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    clock.go(timedelta(days=3650))
    assert expire() == 0
    assert outcomes(deployment) == [Outcome.WAITING]
    assert offered(device) == str(deployment.id)


def test_who_failed_is_not_tried_again_once_it_is_late(clock: Clock) -> None:
    home = make_organization()
    device = make_device(home)
    deployment = make_expiring(device)
    call(device)
    say(device, deployment, "failure")
    clock.go(WEEK)
    deployment.refresh_from_db()
    with pytest.raises(Conflict) as refusal:
        retry_failed(actor=make_actor(home), deployment=deployment)
    assert refusal.value.code == "deployment_expired"
    expire()
    assert outcomes(deployment) == [Outcome.FAILED]
