"""Counts and the status that follows from them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from deployments.models import Deployment
from deployments.offers import poll
from deployments.planning import PhasePlan
from deployments.states import FINAL, State, Status
from deployments.statistics import counts, counts_by_phase, status_of
from tests.make import make_claims, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def status(deployment: Deployment) -> Status:
    deployment.refresh_from_db()
    found = status_of(deployment, counts([deployment.number])[deployment.number])
    annotated = Deployment.objects.annotated_with_status().get(pk=deployment.pk)
    assert annotated.status == found
    for each in Status:
        listed = deployment in Deployment.objects.with_status(each)
        assert listed == (each is found), f"{each} lists what is {found}"
    return found


def put(deployment: Deployment, *states: State) -> None:
    rows = deployment.device_deployments.order_by("number")
    for row, state in zip(rows, states, strict=False):
        final = {"is_open": False, "finished_at": timezone.now()} if state in FINAL else {}
        facts: dict[str, Any] = {"state": state, **final}
        deployment.device_deployments.filter(pk=row.pk).update(**facts)


def test_it_is_pending_until_a_device_reports() -> None:
    deployment = make_deployment(devices=list("123"))
    assert status(deployment) is Status.PENDING
    put(deployment, State.DOWNLOADING)
    assert status(deployment) is Status.IN_PROGRESS
    put(deployment, State.SUCCESS)
    assert status(deployment) is Status.IN_PROGRESS
    assert counts([deployment.number]) == {deployment.number: {State.SUCCESS: 1, State.PENDING: 2}}


def test_it_is_scheduled_until_its_first_phase_opens() -> None:
    phases = [PhasePlan(starts_at=timezone.now() + HOUR)]
    deployment = make_deployment(devices=list("123"), phases=phases)
    put(deployment, State.DECOMMISSIONED)
    assert status(deployment) is Status.SCHEDULED
    deployment.phases.update(starts_at=timezone.now())
    assert status(deployment) is Status.IN_PROGRESS


def test_it_is_finished_when_nothing_is_open_whether_noticed_or_not() -> None:
    deployment = make_deployment(devices=list("12"))
    put(deployment, State.FAILURE, State.NO_ARTIFACT)
    assert status(deployment) is Status.FINISHED
    Deployment.objects.update(finished_at=timezone.now())
    assert status(deployment) is Status.FINISHED


def test_it_is_aborted_whatever_its_rows_say() -> None:
    deployment = make_deployment(devices=list("12"))
    Deployment.objects.update(finished_at=timezone.now(), aborted_at=timezone.now())
    assert status(deployment) is Status.ABORTED


def test_several_statuses_are_asked_for_together() -> None:
    pending, aborted = make_deployment(devices=["1"]), make_deployment(devices=["1"])
    Deployment.objects.filter(pk=aborted.pk).update(
        finished_at=timezone.now(), aborted_at=timezone.now()
    )
    found = Deployment.objects.with_status(Status.PENDING, Status.ABORTED)
    assert set(found) == {pending, aborted}


def test_many_deployments_are_counted_by_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    numbers = [make_deployment(devices=list("12")).number for _ in range(5)]
    with django_assert_num_queries(2):
        assert counts(numbers) == {number: {State.PENDING: 2} for number in numbers}


def test_phases_are_counted_by_who_was_let_in() -> None:
    organization = make_organization()
    devices = [make_device(organization) for _ in range(4)]
    phases = [PhasePlan(50), PhasePlan(None, timezone.now() + HOUR)]
    deployment = make_deployment(organization, phases=phases)
    for device in devices:
        poll(make_claims(device), {"device_type": "board", "artifact_name": "old"})
    first = deployment.phases.all()[0].number
    assert counts_by_phase(deployment) == {first: {State.PENDING: 2}, None: {State.PENDING: 2}}
    deployment.aborted_at = timezone.now()
    assert counts_by_phase(deployment)[first] == {State.ABORTED: 2}
