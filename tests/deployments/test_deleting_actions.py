"""Old actions are cleaned up as the organization wants it. Source: hawkBit, action cleanup."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from deployments.actions import actions_of
from deployments.assigning import Wish, assign
from deployments.deleting import clean_up
from deployments.models import DeviceDeployment
from deployments.states import State
from fleet.errors import LimitReached
from fleet.models import Device, Organization
from tests.make import make_actor, make_distribution_set, make_organization, make_target

pytestmark = pytest.mark.django_db


def with_policies(**values: Any) -> Organization:
    return make_organization(policies={name: {"value": each} for name, each in values.items()})


def ended(device: Device, version: str, state: State, *, days_ago: int = 0) -> DeviceDeployment:
    organization = device.organization
    release = make_distribution_set(organization, version=version)
    wishes = [Wish(device, release.number)]
    (row,) = assign(actor=make_actor(organization), organization=organization, wishes=wishes).rows
    at = timezone.now() - timedelta(days=days_ago)
    DeviceDeployment.objects.filter(number=row.number).update(
        state=state, is_open=False, finished_at=at
    )
    return row


def left(organization: Organization) -> set[int]:
    return set(actions_of(organization).values_list("number", flat=True))


def test_nothing_is_deleted_unless_that_is_wanted() -> None:
    organization = make_organization()
    row = ended(make_target(organization), "1", State.FAILURE, days_ago=9999)
    clean_up()
    assert left(organization) == {row.number}


def test_what_is_old_and_ended_so_is_deleted() -> None:
    day = int(timedelta(days=1).total_seconds() * 1000)
    organization = with_policies(cleanup_expiry_ms=day, cleanup_statuses=["ERROR", "CANCELED"])
    device = make_target(organization)
    ended(device, "1", State.FAILURE, days_ago=2)
    ended(device, "2", State.ABORTED, days_ago=2)
    fresh = ended(device, "3", State.FAILURE)
    good = ended(device, "4", State.SUCCESS, days_ago=2)
    elsewhere = ended(make_target(), "1", State.FAILURE, days_ago=2)
    assert clean_up() == 2
    assert left(organization) == {fresh.number, good.number}
    assert left(elsewhere.deployment.organization) == {elsewhere.number}


def test_old_actions_make_room_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.assigning.MOST_ACTIONS", 3)
    organization = with_policies(cleanup_percent=50)
    device = make_target(organization)
    rows = [ended(device, str(number), State.SUCCESS) for number in range(4)]
    assert left(organization) == {rows[2].number, rows[3].number}
    DeviceDeployment.objects.update(is_open=True, state=State.PENDING, finished_at=None)
    wishes = [
        Wish(device, make_distribution_set(organization, version=each).number) for each in "ab"
    ]
    actor = make_actor(organization)
    assign(actor=actor, organization=organization, wishes=wishes[:1])
    with pytest.raises(LimitReached):
        assign(actor=actor, organization=organization, wishes=wishes[1:])
