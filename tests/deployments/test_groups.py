"""What is told of a rollout in groups, of which not all are open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.explaining import explain
from deployments.history import history_of
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.noticing import notice
from deployments.progress import progress_of
from deployments.states import Stage, State, Status
from deployments.statistics import counts, status_of
from fleet.admission import decommission
from fleet.models import AutoConfirmation, Device, Organization
from tests.deployments.calls import call, offered, part, say
from tests.deployments.groups import WINDOW, make_rollout
from tests.make import make_actor, make_device, make_organization

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def home() -> Organization:
    return make_organization()


def boards(home: Organization, count: int = 1) -> list[Device]:
    return [make_device(home, device_type="board", software="old") for _ in range(count)]


def code(device: Device, deployment: Deployment) -> tuple[str, bool]:
    """The first reason that stands in the way, and whether somebody has to act on it."""
    found = explain(device, deployment)
    assert found.offered == bool(offered(device))
    return found.reasons[0].code, found.reasons[0].blocks


def change(deployment: Deployment, **facts: object) -> None:
    Deployment.objects.filter(number=deployment.number).update(**facts)
    deployment.refresh_from_db()


def test_only_the_devices_of_an_open_group_are_told(home: Organization) -> None:
    (first,), (second,) = boards(home), boards(home)
    rollout = make_rollout([first], [second])
    assert (offered(first), offered(second)) == (str(rollout.id), "")
    assert code(second, rollout) == ("group_closed", False)
    texts = [reason.text for reason in explain(second, rollout).reasons]
    assert "Its group, “group-2”, opens when 50 % of “group-1” are done" in texts


def test_a_rollout_that_was_not_started_waits_for_somebody_or_for_its_time(
    home: Organization,
) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device], opened=0)
    assert code(device, rollout) == ("not_started", True)
    change(rollout, start_at=timezone.now() + HOUR)
    assert code(device, rollout) == ("not_started", False)
    assert status_of(rollout, counts([rollout.number])[rollout.number]) == Status.SCHEDULED


@pytest.mark.parametrize(
    ("approval", "found"), [("waiting", "unapproved"), ("denied", "denied"), ("", "not_started")]
)
def test_one_that_needs_approval_says_so(home: Organization, approval: str, found: str) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device], opened=0, approval=approval, approval_by="bob")
    assert code(device, rollout)[0] == found
    (progress,) = progress_of([rollout])
    assert (progress.waits_for_approval, progress.is_denied) == (
        approval == "waiting",
        approval == "denied",
    )


def test_whoever_has_to_confirm_it_is_not_told_before(home: Organization) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device])
    rollout.phases.update(is_confirmation_required=True)
    assert code(device, rollout) == ("unconfirmed", True)
    confirming = AutoConfirmation.objects.create(device=device)
    assert explain(device, rollout).offered
    confirming.delete()
    DeviceDeployment.objects.filter(deployment=rollout).update(confirmed_at=timezone.now())
    assert code(device, rollout)[0] == "waiting_for_call"
    assert part(device, rollout).admitted_at


def test_a_device_that_is_to_leave_it_is_told_nothing_more(home: Organization) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device])
    call(device)
    DeviceDeployment.objects.filter(deployment=rollout).update(cancel_requested_at=timezone.now())
    assert code(device, rollout) == ("canceling", True)
    assert part(device, rollout).is_canceling


def test_outside_of_the_window_nothing_is_begun_and_what_is_begun_goes_on(
    home: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device], maintenance_window=WINDOW)
    night = (timezone.now() + timedelta(days=1)).replace(hour=2, minute=30)
    day = night.replace(hour=12)
    monkeypatch.setattr(timezone, "now", lambda: day)
    found = explain(device, rollout)
    assert (found.reasons[0].code, found.reasons[0].blocks) == ("window_closed", False)
    assert found.reasons[0].until == night.replace(minute=0, second=0, microsecond=0) + 24 * HOUR
    assert not offered(device)
    monkeypatch.setattr(timezone, "now", lambda: night)
    assert explain(device, rollout).offered
    assert offered(device)
    monkeypatch.setattr(timezone, "now", lambda: day)
    assert offered(device)
    assert explain(device, rollout).offered


def test_what_keeps_to_a_window_that_never_opens_again_is_taken_back(home: Organization) -> None:
    (device,) = boards(home)
    past = WINDOW | {"schedule": "0 0 2 1 1 ? 2020"}
    never = make_rollout([device], maintenance_window=past)
    assert explain(device, never).reasons[0].code == "window_lapsed"
    later = make_rollout([device])
    assert offered(device) == str(later.id)
    assert part(device, never).state == State.ABORTED


def test_what_has_more_weight_comes_first(home: Organization) -> None:
    (device,) = boards(home)
    light, heavy = make_rollout([device], weight=10), make_rollout([device], weight=900)
    change(heavy, name="heavy")
    texts = [reason.text for reason in explain(device, light).reasons]
    assert "The deployment “heavy”, of weight 900, comes first" in texts
    assert offered(device) == str(heavy.id)


def test_a_mender_device_that_is_to_download_only_gets_nothing(home: Organization) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device], action_type="downloadonly")
    assert not call(device)
    assert part(device, rollout).state == State.NO_ARTIFACT


def test_its_groups_are_counted_one_by_one(home: Organization) -> None:
    first, second = boards(home, 3), boards(home, 2)
    rollout = make_rollout(first, second)
    assert call(first[0])
    say(first[0], rollout, "success")
    (progress,) = progress_of([rollout])
    assert [
        (each.label, each.size, each.is_group, each.is_open, each.is_done)
        for each in progress.phases
    ] == [("group-1", 3, True, True, False), ("group-2", 2, True, False, False)]
    assert progress.total == 5
    assert [part.count for phase in progress.phases for part in phase.parts] == [1, 2, 2]
    assert progress.next_phase is None
    assert progress.next_group is not None
    assert (progress.next_group.position, progress.open_phase) == (2, 1)


def test_what_was_downloaded_counts_as_done(home: Organization) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device])
    rollout.device_deployments.update(
        state=State.DOWNLOADED, is_open=False, finished_at=timezone.now()
    )
    (progress,) = progress_of([rollout])
    assert (progress.installed, progress.status) == (1, Status.FINISHED)


def test_a_group_is_told_when_it_opens_and_when_all_in_it_have_ended(home: Organization) -> None:
    first, second = boards(home, 2), boards(home)
    rollout = make_rollout(first, second)
    stages = Phase.objects.filter(deployment=rollout).order_by("position")
    notice()
    assert list(stages.values_list("stage", flat=True)) == [Stage.OPENED, Stage.CLOSED]
    rollout.refresh_from_db()
    assert rollout.started_at is None
    for device in first:
        assert call(device)
        say(device, rollout, "success")
    notice()
    assert list(stages.values_list("stage", flat=True)) == [Stage.FINISHED, Stage.CLOSED]
    rollout.refresh_from_db()
    assert rollout.started_at is not None


def test_one_that_is_archived_is_in_no_list_and_no_history(home: Organization) -> None:
    (device,) = boards(home)
    rollout = make_rollout([device])
    assert call(device)
    say(device, rollout, "failure")
    change(rollout, archived_at=timezone.now(), finished_at=timezone.now())
    assert not Deployment.objects.of(home).exists()
    assert not DeviceDeployment.objects.of(home).exists()
    assert not history_of(device).exists()


def test_a_device_that_is_decommissioned_ends_its_part_whether_open_or_to_be_left(
    home: Organization,
) -> None:
    leaving, later = boards(home, 2), boards(home)
    rollout = make_rollout(leaving, later)
    call(leaving[0])
    rows = DeviceDeployment.objects.filter(deployment=rollout)
    rows.filter(device=leaving[0]).update(cancel_requested_at=timezone.now())
    for device in (*leaving, *later):
        decommission(actor=make_actor(home), device=device)
    assert set(rows.values_list("state", "device")) == {(State.DECOMMISSIONED, None)}
    assert not any(row.is_canceling for row in rows)
    (progress,) = progress_of([rollout])
    assert [sum(each.counts.values()) for each in progress.phases] == [2, 1]
    assert progress.apart == [(State.DECOMMISSIONED, 3)]
