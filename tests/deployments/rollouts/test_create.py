"""A rollout is made: who is in it, in which group, and what is refused."""

from typing import Any

import pytest

from artifacts.models import ReleaseType
from auditlog.models import AuditEntry
from deployments.models import Deployment, DeviceDeployment
from deployments.rollouts import plans
from deployments.rollouts.creating import create_rollout
from deployments.rollouts.plans import Conditions, GroupPlan, Newcomers, RolloutPlan
from deployments.rollouts.states import RolloutState
from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from fleet.models import Organization, Role, TargetType
from fleet.policies import set_policies
from fleet.states import Admission
from tests.deployments.rollouts.makers import groups, make_fleet, make_rollout, members, state
from tests.make import (
    make_actor,
    make_artifact,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Organization:
    return make_organization()


def refused(home: Organization, **facts: Any) -> DomainError:
    before = Deployment.objects.count()
    with pytest.raises(DomainError) as caught:
        make_rollout(home, **facts)
    assert Deployment.objects.count() == before
    return caught.value


def test_devices_are_shared_out_in_the_order_in_which_they_came(home: Organization) -> None:
    make_fleet(home, 7)
    rollout = make_rollout(home, amount=3)
    assert [members(group) for group in groups(rollout)] == [
        ["d0", "d1"],
        ["d2", "d3", "d4"],
        ["d5", "d6"],
    ]
    assert rollout.size == 7
    assert [group.size for group in groups(rollout)] == [2, 3, 2]
    assert [group.name for group in groups(rollout)] == ["group-1", "group-2", "group-3"]
    assert state(rollout) is RolloutState.READY
    assert not DeviceDeployment.objects.exclude(state="pending").exists()


def test_there_may_be_more_groups_than_devices(home: Organization) -> None:
    make_fleet(home, 1)
    assert sum(group.size or 0 for group in groups(make_rollout(home, amount=3))) == 1


def test_only_accepted_devices_that_match_are_in_it(home: Organization) -> None:
    make_fleet(home, 3)
    make_device(home, name="d-pending", status=Admission.PENDING)
    make_device(name="d-elsewhere")
    rollout = make_rollout(home, amount=1, query="name==d0,name==d2,name==d-*")
    assert members(groups(rollout)[0]) == ["d0", "d2"]


def test_a_device_of_a_type_that_does_not_take_the_release_is_not_in_it(
    home: Organization,
) -> None:
    fits, other = (
        TargetType.objects.create(organization=home, key=key, name=key) for key in ("a", "b")
    )
    release = make_distribution_set(home)
    assert isinstance(release.type, ReleaseType)
    release.type.target_types.add(fits)
    make_device(home, name="fits", target_type=fits)
    make_device(home, name="does-not", target_type=other)
    make_device(home, name="of-none")
    rollout = make_rollout(home, release=release, amount=1)
    assert members(groups(rollout)[0]) == ["fits", "of-none"]


@pytest.mark.parametrize(
    ("shares", "sizes"),
    [
        ((100,), [10]),
        ((10, 90), [1, 9]),
        ((33.3, 33.3, 33.4), [3, 4, 3]),
        ((20, 100), [2, 8]),
        ((50, 50, 50), [5, 5, 0]),
        ((99.9,), [10]),
    ],
)
def test_a_group_takes_its_share_of_all(
    home: Organization, shares: tuple[float, ...], sizes: list[int]
) -> None:
    make_fleet(home, 10)
    rollout = make_rollout(home, groups=tuple(GroupPlan(percent=share) for share in shares))
    assert [group.size for group in groups(rollout)] == sizes


def test_a_group_with_a_query_takes_its_share_of_who_matches_both(home: Organization) -> None:
    make_fleet(home, 6)
    rollout = make_rollout(
        home,
        groups=(
            GroupPlan("canaries", "first of all", "name==d1,name==d3,name==d5", 50.0),
            GroupPlan(percent=50.0),
            GroupPlan("rest"),
        ),
    )
    assert [members(group) for group in groups(rollout)] == [
        ["d1", "d3"],
        ["d0", "d2", "d4"],
        ["d5"],
    ]
    first = groups(rollout)[0]
    assert (first.description, first.target_query) == ("first of all", "name==d1,name==d3,name==d5")
    assert [group.name for group in groups(rollout)] == ["canaries", "group-2", "rest"]


def test_the_groups_have_to_cover_everybody(home: Organization) -> None:
    make_fleet(home, 4)
    assert refused(home, groups=(GroupPlan(percent=50),)).code == "groups_incomplete"
    only_some = (GroupPlan(query="name==d1"),)
    assert refused(home, groups=only_some).code == "groups_incomplete"


def test_what_is_kept_is_what_was_asked_for(home: Organization) -> None:
    make_fleet(home, 1)
    rollout = make_rollout(
        home,
        amount=1,
        description="why",
        weight=7,
        conditions=Conditions(60, error=10),
        action_type=Deployment.ActionType.SOFT,
    )
    rollout.refresh_from_db()
    assert (rollout.origin, rollout.weight, rollout.action_type) == ("rollout", 7, "soft")
    assert rollout.force_installation
    assert rollout.is_phased
    (group,) = groups(rollout)
    assert (group.success_threshold, group.error_threshold) == (60, 10)
    assert group.target_percent == 100.0
    assert AuditEntry.objects.filter(action="create", object_id=str(rollout.id)).exists()


def test_without_a_weight_it_is_as_heavy_as_can_be(home: Organization) -> None:
    make_fleet(home, 1)
    assert make_rollout(home).weight == 1000


def test_devices_confirm_only_where_the_organization_lets_them(home: Organization) -> None:
    make_fleet(home, 2)
    assert not any(group.is_confirmation_required for group in groups(make_rollout(home)))
    values = {"confirmation_flow_enabled": True}
    set_policies(actor=make_actor(home), organization=home, values=values)
    asks = make_rollout(home, name="asks")
    assert all(group.is_confirmation_required for group in groups(asks))
    some = make_rollout(
        home,
        name="some",
        groups=(GroupPlan(percent=50, is_confirmation_required=False), GroupPlan()),
    )
    assert [group.is_confirmation_required for group in groups(some)] == [False, True]


def test_a_rollout_for_newcomers_has_a_group_ahead_for_them(home: Organization) -> None:
    make_fleet(home, 2)
    rollout = make_rollout(home, amount=1, newcomers=Newcomers(5, "-new"))
    ahead = groups(rollout)[-1]
    assert (ahead.name, ahead.size, ahead.is_for_newcomers) == ("group-2-new", 0, True)
    assert rollout.newcomers == {"target_count": 5, "name_suffix": "-new"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": ""}, "text_invalid"),
        ({"name": "n" * 129}, "text_invalid"),
        ({"name": "<b>bold</b>"}, "text_invalid"),
        ({"query": ""}, "no_query"),
        ({"query": "name="}, "rsql_syntax"),
        ({"query": "nosuch==1"}, "rsql_field"),
        ({"query": "name==nobody"}, "no_devices"),
        ({"weight": 1001}, "invalid_rollout"),
        ({"weight": -1}, "invalid_rollout"),
        ({"amount": 0}, "invalid_rollout"),
        ({"groups": (GroupPlan(percent=0),)}, "invalid_rollout"),
        ({"groups": (GroupPlan(percent=101),)}, "invalid_rollout"),
        ({"groups": (GroupPlan(),), "newcomers": Newcomers(1)}, "invalid_rollout"),
        ({"newcomers": Newcomers(0)}, "invalid_rollout"),
        ({"conditions": Conditions(success=101)}, "invalid_rollout"),
        ({"action_type": Deployment.ActionType.TIMEFORCED}, "invalid_rollout"),
    ],
)
def test_what_makes_no_sense_is_refused(
    home: Organization, facts: dict[str, Any], code: str
) -> None:
    make_fleet(home, 1)
    error = refused(home, **facts)
    assert (type(error), error.code) == (Invalid, code)


def test_a_rollout_for_newcomers_may_begin_with_nobody(home: Organization) -> None:
    assert make_rollout(home, query="name==nobody", newcomers=Newcomers(1)).size == 0


def test_there_are_limits(home: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    make_fleet(home, 3)
    assert refused(home, amount=501).code == "too_many_groups"
    monkeypatch.setattr(plans, "MOST_IN_GROUP", 2)
    error = refused(home, amount=1)
    assert (type(error), error.code) == (LimitReached, "group_too_large")
    assert refused(home, groups=(GroupPlan(query="name==d*"),)).code == "group_too_large"
    assert make_rollout(home, amount=2).size == 3


def test_the_name_is_free_again_once_the_rollout_is_gone(home: Organization) -> None:
    make_fleet(home, 1)
    first = make_rollout(home)
    error = refused(home)
    assert (type(error), error.code) == (Conflict, "rollout_exists")
    Deployment.objects.filter(number=first.number).update(archived_at=first.created_at)
    assert make_rollout(home).number != first.number
    assert make_rollout(make_fleet(make_organization(), 1)[0].organization).number


def test_only_a_release_that_can_be_deployed_is(home: Organization) -> None:
    make_fleet(home, 1)
    elsewhere = make_artifact(make_release()).release
    assert isinstance(refused(home, release=elsewhere), NotFound)
    incomplete = make_distribution_set(home, "fw", "2")
    incomplete.modules.clear()
    assert refused(home, release=incomplete).code == "release_incomplete"
    gone = make_distribution_set(home, "fw", "3", invalidated_at=incomplete.created_at)
    assert refused(home, release=gone).code == "release_invalidated"


def test_somebody_with_bounds_rolls_out_within_them(home: Organization) -> None:
    make_device(home, name="theirs", group="theirs")
    make_device(home, name="other", group="other")
    release = make_artifact(make_release(home)).release
    scoped = {"deployments.add_deployment": frozenset({"theirs"})}
    bounded = make_actor(home, Role.CI, scoped=scoped)
    plan = RolloutPlan(name="within", query="id==*", release=release.number)
    rollout = create_rollout(actor=bounded, organization=home, plan=plan)
    assert members(groups(rollout)[0]) == ["theirs"]
    endless = RolloutPlan(
        name="beyond", query="id==*", release=release.number, newcomers=Newcomers(1)
    )
    with pytest.raises(Forbidden):
        create_rollout(actor=bounded, organization=home, plan=endless)
    viewer = make_actor(home, Role.VIEWER)
    with pytest.raises(Forbidden):
        create_rollout(actor=viewer, organization=home, plan=plan)
