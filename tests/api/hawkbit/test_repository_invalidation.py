"""A set that is invalidated: who was to get it may be told to leave it, and nobody gets it anew."""

import pytest

from artifacts.models import Release
from deployments.models import AutoAssignment, Deployment, DeviceDeployment
from jobs.running import run_due
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import make_artifact, make_deployment, make_device, make_release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def release(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker, target: TargetMaker
) -> Release:
    """A set that is assigned to t1."""
    made = distribution_set()
    target("t1")
    assert hawkbit.post("/targets/t1/assignedDS", {"id": made.pk}).status_code == 200
    return made


def invalidate(hawkbit: Hawkbit, release: Release, how: str, *, rollouts: bool = False) -> None:
    body = {"actionCancelationType": how, "cancelRollouts": rollouts}
    answer = hawkbit.post(f"/distributionsets/{release.pk}/invalidate", body)
    assert (answer.status_code, answer.content) == (204, b"")
    run_due()


def test_softly_devices_are_asked_to_leave_it(hawkbit: Hawkbit, release: Release) -> None:
    invalidate(hawkbit, release, "soft")
    row = DeviceDeployment.objects.get()
    assert row.is_open
    assert row.cancel_requested_at is not None


def test_by_force_it_is_over_at_once(hawkbit: Hawkbit, release: Release) -> None:
    invalidate(hawkbit, release, "force")
    row = DeviceDeployment.objects.get()
    assert (row.is_open, row.state) == (False, "aborted")


def test_what_was_asked_softly_may_be_forced_later(hawkbit: Hawkbit, release: Release) -> None:
    invalidate(hawkbit, release, "soft")
    invalidate(hawkbit, release, "FORCE")
    assert not DeviceDeployment.objects.get().is_open


def test_what_is_assigned_may_go_on(hawkbit: Hawkbit, release: Release) -> None:
    invalidate(hawkbit, release, "none", rollouts=True)
    row = DeviceDeployment.objects.get()
    assert row.is_open
    assert row.cancel_requested_at is None


def test_rollouts_stop_if_that_is_asked(hawkbit: Hawkbit, release: Release) -> None:
    body = {
        "name": "Friday",
        "targetFilterQuery": "id==*",
        "distributionSetId": release.pk,
        "amountGroups": 1,
    }
    assert hawkbit.post("/rollouts", body).status_code == 201
    invalidate(hawkbit, release, "none")
    assert Deployment.objects.get(name="Friday").stopped_at is None
    invalidate(hawkbit, release, "none", rollouts=True)
    assert Deployment.objects.get(name="Friday").stopped_at is not None


def test_plans_of_other_dialects_are_aborted_with_the_rollouts(hawkbit: Hawkbit) -> None:
    device = make_device(hawkbit.organization, device_type="board")
    release = make_artifact(make_release(hawkbit.organization)).release
    plan = make_deployment(release=release, devices=[device])
    invalidate(hawkbit, release, "none")
    plan.refresh_from_db()
    assert plan.aborted_at is None
    invalidate(hawkbit, release, "none", rollouts=True)
    plan.refresh_from_db()
    assert plan.aborted_at is not None
    assert DeviceDeployment.objects.get().state == "aborted"


@pytest.mark.parametrize("how", ["invalidated", "deleted"])
def test_filters_assign_it_no_more(hawkbit: Hawkbit, release: Release, how: str) -> None:
    made = hawkbit.post("/targetfilters", {"name": "all", "query": "id==*"}).json()
    at = f"/targetfilters/{made['id']}/autoAssignDS"
    assert hawkbit.post(at, {"id": release.pk}).status_code == 200
    of_set = f"/distributionsets/{release.pk}"
    filters = hawkbit.get(f"{of_set}/autoAssignTargetFilters").json()
    assert [each["name"] for each in filters["content"]] == ["all"]
    sums = hawkbit.get(f"{of_set}/statistics/autoassignments").json()
    assert sums == {"totalAutoAssignments": 1}
    if how == "deleted":
        assert hawkbit.delete(of_set).status_code == 204
    else:
        invalidate(hawkbit, release, "none")
    assert not AutoAssignment.objects.exists()
    assert hawkbit.get(at).status_code == 204
    assert hawkbit.get(f"{of_set}/autoAssignTargetFilters").json()["total"] == 0
    assert DeviceDeployment.objects.first() is not None
