"""Whoever comes to match a saved filter is assigned its release, once."""

from typing import Any

import pytest
from django.utils import timezone

from artifacts.models import Release
from deployments import auto_assigned, auto_assigning
from deployments.assigning import Wish, assign
from deployments.auto_assigning import (
    Terms,
    assign_all,
    auto_assignment_of,
    end_auto_assignment,
    set_auto_assignment,
)
from deployments.explaining import explain
from deployments.finishing import close_complete
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from deployments.offers import poll
from deployments.standing import STANDING
from deployments.states import State
from fleet.errors import Forbidden, LimitReached, NotFound
from fleet.models import Device, Language, Organization, Role, SavedFilter
from fleet.saved_filters import change_filter, delete_filter, save_query
from fleet.targets import register
from jobs.running import run_due
from tests.deployments.calls import say
from tests.make import (
    make_actor,
    make_artifact,
    make_claims,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
    make_target,
)


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def saved(organization: Organization) -> SavedFilter:
    return make_saved(organization, "name==edge*")


def make_saved(
    organization: Organization, query: str, language: Language = Language.HAWKBIT
) -> SavedFilter:
    return save_query(
        actor=make_actor(organization),
        organization=organization,
        name="edges",
        query=query,
        language=language,
    )


def assigned(saved: SavedFilter, release: Release, **facts: Any) -> Deployment:
    return set_auto_assignment(
        actor=make_actor(saved.organization),
        saved=saved,
        release=release.pk,
        terms=Terms(**facts),
    )


def names_in(deployment: Deployment) -> list[str]:
    rows = DeviceDeployment.objects.filter(deployment=deployment)
    return sorted(rows.values_list("device_name", flat=True))


def test_all_that_match_are_assigned_it_soon(saved: SavedFilter) -> None:
    for name in ("edge-1", "EDGE-2", "core-1"):
        make_target(saved.organization, name)
    deployment = assigned(saved, make_distribution_set(saved.organization))
    run_due()
    assert names_in(deployment) == ["EDGE-2", "edge-1"]
    assert Deployment.objects.get(pk=deployment.pk).size == 2
    row = DeviceDeployment.objects.filter(device__name="edge-1").get()
    assert row.admitted_at is None
    assert row.enlisted_at
    assert row.phase
    entry = StatusEvent.objects.get(device_deployment=row)
    assert entry.messages == ["Auto assignment: edges"]
    standings = Device.objects.annotate(standing=STANDING).values_list("name", "standing")
    assert dict(standings)["edge-1"] == "pending"


def test_who_comes_to_match_later_is_found(saved: SavedFilter) -> None:
    device = make_target(saved.organization, "core-1")
    deployment = assigned(saved, make_distribution_set(saved.organization))
    assign_all()
    assert names_in(deployment) == []
    Device.objects.filter(pk=device.pk).update(name="edge-9")
    assign_all()
    assert names_in(deployment) == ["edge-9"]


def test_a_device_that_registers_has_it_at_once(
    saved: SavedFilter, django_capture_on_commit_callbacks: Any
) -> None:
    deployment = assigned(saved, make_distribution_set(saved.organization))
    with django_capture_on_commit_callbacks(execute=True):
        register(organization=saved.organization, controller_id="edge-3")
        register(organization=saved.organization, controller_id="core-3")
    assert names_in(deployment) == ["edge-3"]


def test_who_ever_had_the_release_is_not_given_it_again(saved: SavedFilter) -> None:
    organization = saved.organization
    release, device = make_distribution_set(organization), make_target(organization, "edge-1")
    actor = make_actor(organization)
    assign(actor=actor, organization=organization, wishes=[Wish(device, release.pk)])
    DeviceDeployment.objects.update(state=State.ABORTED, is_open=False, finished_at=timezone.now())
    deployment = assigned(saved, release)
    assign_all()
    assert names_in(deployment) == []


def test_what_failed_is_not_repeated(saved: SavedFilter) -> None:
    make_target(saved.organization, "edge-1")
    assigned(saved, make_distribution_set(saved.organization))
    assign_all()
    DeviceDeployment.objects.update(state=State.FAILURE, is_open=False, finished_at=timezone.now())
    assign_all()
    assert DeviceDeployment.objects.count() == 1


def test_only_types_that_take_the_release_are_given_it(saved: SavedFilter) -> None:
    organization = saved.organization
    release = make_distribution_set(organization)
    taking = organization.target_types.create(key="taking", name="taking")
    other = organization.target_types.create(key="other", name="other")
    assert release.type is not None
    release.type.target_types.add(taking)
    make_target(organization, "edge-1", target_type=taking)
    make_target(organization, "edge-2", target_type=other)
    make_target(organization, "edge-3")
    deployment = assigned(saved, release)
    assign_all()
    assert names_in(deployment) == ["edge-1", "edge-3"]


def test_it_takes_back_what_the_device_was_to_install(saved: SavedFilter) -> None:
    organization = saved.organization
    device = make_target(organization, "edge-1")
    before = make_distribution_set(organization, "old")
    actor = make_actor(organization)
    assign(actor=actor, organization=organization, wishes=[Wish(device, before.pk)])
    deployment = assigned(saved, make_distribution_set(organization))
    assign_all()
    old = DeviceDeployment.objects.exclude(deployment=deployment).get()
    assert old.cancel_requested_at is not None


def test_the_devices_come_in_batches_that_can_be_interrupted(
    saved: SavedFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto_assigned, "BATCH", 2)
    for number in range(5):
        make_target(saved.organization, f"edge-{number}")
    deployment = assigned(saved, make_distribution_set(saved.organization))
    last = auto_assigned.assign_batch(deployment.number, after=0)
    assert last is not None
    assert len(names_in(deployment)) == 2
    run_due()
    assert len(names_in(deployment)) == 5
    assert auto_assigned.assign_batch(deployment.number, after=0) is None


def test_another_release_closes_what_was_assigned_before(saved: SavedFilter) -> None:
    organization = saved.organization
    make_target(organization, "edge-1")
    first = assigned(saved, make_distribution_set(organization, version="1"))
    assign_all()
    second = assigned(saved, make_distribution_set(organization, version="2"))
    assert auto_assignment_of(saved) == second
    make_target(organization, "edge-2")
    assign_all()
    assert names_in(first) == ["edge-1"]
    assert names_in(second) == ["edge-1", "edge-2"]
    first.refresh_from_db()
    assert first.joining_closed_at is not None


def test_what_was_assigned_goes_on_when_it_is_ended_and_then_is_finished(
    saved: SavedFilter,
) -> None:
    organization = saved.organization
    make_target(organization, "edge-1")
    deployment = assigned(saved, make_distribution_set(organization))
    assign_all()
    assert close_complete() == 0
    end_auto_assignment(actor=make_actor(organization), saved=saved)
    make_target(organization, "edge-2")
    assign_all()
    assert names_in(deployment) == ["edge-1"]
    assert DeviceDeployment.objects.get().is_open
    assert close_complete() == 0
    DeviceDeployment.objects.update(state=State.SUCCESS, is_open=False, finished_at=timezone.now())
    assert close_complete() == 1
    deployment.refresh_from_db()
    assert deployment.finished_at is not None


def test_nobody_having_come_it_is_finished_as_soon_as_it_is_ended(
    saved: SavedFilter, django_capture_on_commit_callbacks: Any
) -> None:
    deployment = assigned(saved, make_distribution_set(saved.organization))
    assert close_complete() == 0
    with django_capture_on_commit_callbacks(execute=True):
        end_auto_assignment(actor=make_actor(saved.organization), saved=saved)
    deployment.refresh_from_db()
    assert deployment.finished_at is not None


def test_it_follows_its_filter(saved: SavedFilter) -> None:
    organization, actor = saved.organization, make_actor(saved.organization)
    make_target(organization, "edge-1")
    make_target(organization, "core-1")
    deployment = assigned(saved, make_distribution_set(organization))
    change_filter(actor=actor, saved=saved, query="name==core*", language=Language.HAWKBIT)
    assign_all()
    assert names_in(deployment) == ["core-1"]
    change_filter(actor=actor, saved=saved, query="name==edge*", language=Language.FIQL)
    assign_all()
    assert names_in(deployment) == ["core-1", "edge-1"]
    delete_filter(actor=actor, saved=saved)
    make_target(organization, "edge-2")
    assign_all()
    assert names_in(deployment) == ["core-1", "edge-1"]


def test_a_filter_that_assigns_cannot_be_made_to_take_too_many(
    saved: SavedFilter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto_assigning, "MOST_DEVICES", 1)
    for name in ("edge-1", "core-1"):
        make_target(saved.organization, name)
    assigned(saved, make_distribution_set(saved.organization))
    actor = make_actor(saved.organization)
    with pytest.raises(LimitReached):
        change_filter(actor=actor, saved=saved, query="name==*", language=Language.HAWKBIT)
    saved.refresh_from_db()
    assert saved.query == "name==edge*"


def test_while_it_is_paused_nobody_comes(saved: SavedFilter) -> None:
    make_target(saved.organization, "edge-1")
    deployment = assigned(saved, make_distribution_set(saved.organization))
    Deployment.objects.update(paused_at=timezone.now(), paused_by="ada", paused_reason="by hand")
    assign_all()
    assert names_in(deployment) == []


def test_a_device_that_speaks_menders_language_comes_by_its_call(saved: SavedFilter) -> None:
    organization = saved.organization
    device = make_device(organization, name="edge-1", device_type="board")
    artifact = make_artifact(make_release(organization))
    deployment = assigned(saved, artifact.release)
    provides = {"device_type": "board", "artifact_name": "old"}
    offer = poll(make_claims(device), provides)
    assert offer is not None
    assert offer.deployment_id == deployment.id
    row = DeviceDeployment.objects.get()
    assert row.admitted_at is not None
    assert StatusEvent.objects.filter(messages=["Auto assignment: edges"]).count() == 1
    say(device, deployment, "downloading", "success")
    assert poll(make_claims(device), provides) is None
    assert DeviceDeployment.objects.count() == 1


def test_a_call_of_a_device_that_had_the_release_leaves_it_alone(saved: SavedFilter) -> None:
    organization = saved.organization
    device = make_device(organization, name="edge-1", device_type="board")
    release = make_artifact(make_release(organization)).release
    first = assigned(saved, release)
    assign_all()
    DeviceDeployment.objects.update(state=State.FAILURE, is_open=False, finished_at=timezone.now())
    second = assigned(saved, release)
    assert poll(make_claims(device), {"device_type": "board", "artifact_name": "old"}) is None
    assert (names_in(first), names_in(second)) == (["edge-1"], [])


def test_a_call_of_a_device_that_had_the_release_as_that_of_its_kit_leaves_it_alone(
    saved: SavedFilter,
) -> None:
    organization = saved.organization
    device = make_device(organization, name="edge-1", device_type="board")
    release = make_artifact(make_release(organization)).release
    facts = {"device": device, "device_ref": str(device.id), "release": release}
    over = {"state": State.SUCCESS, "is_open": False, "finished_at": timezone.now()}
    job = make_deployment(devices=[make_device(organization)])
    DeviceDeployment.objects.create(deployment=job, **facts, **over)
    assigned(saved, release)
    assert poll(make_claims(device), {"device_type": "board", "artifact_name": "old"}) is None


def test_a_call_of_a_device_whose_type_does_not_take_it_leaves_it_alone(
    saved: SavedFilter,
) -> None:
    organization = saved.organization
    other = organization.target_types.create(key="other", name="other")
    device = make_device(organization, name="edge-1", device_type="board", target_type=other)
    artifact = make_artifact(make_release(organization))
    artifact.release.type = organization.release_types.create(key="any", name="Any")
    artifact.release.save()
    assigned(saved, artifact.release)
    assert poll(make_claims(device), {"device_type": "board", "artifact_name": "old"}) is None


def test_it_takes_the_right_to_deploy(saved: SavedFilter) -> None:
    viewer = make_actor(saved.organization, Role.VIEWER)
    release = make_distribution_set(saved.organization)
    with pytest.raises(Forbidden):
        set_auto_assignment(actor=viewer, saved=saved, release=release.pk)
    with pytest.raises(Forbidden):
        end_auto_assignment(actor=viewer, saved=saved)


def test_a_filter_in_our_own_language_assigns_too(organization: Organization) -> None:
    saved = make_saved(organization, "name==edge*", Language.FIQL)
    make_target(organization, "edge-1")
    make_target(organization, "EDGE-2")
    deployment = assigned(saved, make_distribution_set(organization))
    assign_all()
    assert names_in(deployment) == ["edge-1"]


def test_why_a_device_does_not_come_to_it_is_explained(saved: SavedFilter) -> None:
    organization = saved.organization
    other = organization.target_types.create(key="other", name="other")
    typed = make_target(organization, "edge-1", target_type=other)
    having = make_target(organization, "edge-2")
    release = make_distribution_set(organization)
    first = assigned(saved, release)
    assign_all()
    second = assigned(saved, release)
    codes = {reason.code for reason in explain(typed, second).reasons}
    assert {"matches", "type_not_taken"} <= codes
    assert "had_release" in {reason.code for reason in explain(having, second).reasons}
    late = make_target(organization, "edge-3")
    assert "joining_closed" in {reason.code for reason in explain(late, first).reasons}


def test_a_filter_that_was_changed_meanwhile_assigns_by_what_it_says_now(
    organization: Organization, saved: SavedFilter
) -> None:
    actor, release = make_actor(organization), make_distribution_set(organization)
    read_before = SavedFilter.objects.get(pk=saved.pk)
    change_filter(actor=actor, saved=saved, query="name==core*", language=Language.HAWKBIT)
    set_auto_assignment(actor=actor, saved=read_before, release=release.number)
    edge, core = make_target(organization, "edge-1"), make_target(organization, "core-1")
    run_due()
    assign_all()
    parts = DeviceDeployment.objects.filter(deployment__release=release)
    assert set(parts.values_list("device", flat=True)) == {core.number} != {edge.number}


def test_a_filter_that_was_deleted_meanwhile_assigns_nothing(
    organization: Organization, saved: SavedFilter
) -> None:
    actor, release = make_actor(organization), make_distribution_set(organization)
    read_before = SavedFilter.objects.get(pk=saved.pk)
    delete_filter(actor=actor, saved=saved)
    with pytest.raises(NotFound):
        set_auto_assignment(actor=actor, saved=read_before, release=release.number)
    assert not Deployment.objects.exists()
