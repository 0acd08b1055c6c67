"""A paused deployment begins with nobody; what has begun goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from auditlog.models import AuditEntry
from deployments.aborting import abort
from deployments.explaining import explain
from deployments.models import Deployment
from deployments.pausing import pause, resume
from deployments.planning import PhasePlan
from deployments.progress import progress_of
from deployments.states import Status
from fleet.errors import Conflict, Forbidden, Invalid
from tests.deployments.calls import call, offered, part, say
from tests.deployments.dynamic import make_dynamic, red
from tests.make import make_actor, make_deployment, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def paused(deployment: Deployment, **facts: str) -> Deployment:
    pause(actor=make_actor(deployment.organization), deployment=deployment, **facts)
    return deployment


def resumed(deployment: Deployment) -> None:
    resume(actor=make_actor(deployment.organization), deployment=deployment)


def status(deployment: Deployment) -> Status:
    fresh = Deployment.objects.get(pk=deployment.pk)
    found = progress_of([fresh])[0].status
    assert Deployment.objects.with_status(found).filter(pk=deployment.pk).exists()
    assert Deployment.objects.annotated_with_status().get(pk=deployment.pk).status == found
    return found


def test_nobody_begins_it_until_it_is_resumed() -> None:
    device = make_device()
    deployment = paused(make_deployment(devices=[device]))
    assert (call(device), part(device, deployment).admitted_at) == (None, None)
    assert status(deployment) == Status.PAUSED
    resumed(deployment)
    assert offered(device) == str(deployment.id)


def test_who_has_begun_goes_on_and_is_heard() -> None:
    begun, waits = make_device(organization := make_organization()), make_device(organization)
    deployment = make_deployment(organization)
    call(begun)
    paused(deployment)
    assert (offered(begun), offered(waits)) == (str(deployment.id), "")
    say(begun, deployment, "installing")
    assert offered(begun) == str(deployment.id)
    say(begun, deployment, "success")
    assert part(begun, deployment).state == "success"


def test_who_was_told_and_has_it_by_now_has_ended() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device)
    paused(deployment)
    assert call(device, software=deployment.release_name) is None
    assert part(device, deployment).state == "already_installed"
    assert status(deployment) == Status.FINISHED


def test_no_further_attempt_is_begun() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device], retries=1)
    call(device)
    paused(deployment)
    say(device, deployment, "installing", "failure")
    assert (call(device), part(device, deployment).attempts) == (None, 1)
    resumed(deployment)
    assert (offered(device), part(device, deployment).attempts) == (str(deployment.id), 2)


def test_what_needs_no_update_is_not_ended_meanwhile() -> None:
    device = make_device()
    deployment = paused(make_deployment(devices=[device]))
    call(device, deployment.release_name)
    assert part(device, deployment).is_open


def test_phases_that_come_due_open_when_it_is_resumed() -> None:
    device = make_device()
    soon = PhasePlan(None, timezone.now() + timedelta(hours=1))
    deployment = paused(make_deployment(devices=[device], phases=[soon]))
    deployment.phases.update(starts_at=timezone.now())
    assert call(device) is None
    resumed(deployment)
    assert call(device)


def test_who_waits_in_it_does_not_go_on_to_a_newer_one() -> None:
    organization = make_organization()
    inside, outside = (make_device(organization, device_type="board") for _ in "12")
    older = paused(make_deployment(devices=[inside]))
    newer = make_deployment(organization, devices=[inside, outside])
    assert (offered(inside), offered(outside)) == ("", str(newer.id))
    assert "which is paused" in explain(inside, newer).reasons[0].text
    resumed(older)
    assert offered(inside) == str(older.id)


def test_who_is_for_a_later_phase_goes_on_as_ever() -> None:
    device = make_device()
    tomorrow = PhasePlan(None, timezone.now() + timedelta(days=1))
    paused(make_deployment(devices=[device], phases=[tomorrow]))
    newer = make_deployment(devices=[device])
    assert offered(device) == str(newer.id)


def test_an_older_deployment_goes_on() -> None:
    device = make_device()
    older = make_deployment(devices=[device])
    paused(make_deployment(devices=[device]))
    assert offered(device) == str(older.id)
    say(device, older, "success")
    assert offered(device) == ""


def test_nobody_joins_a_dynamic_one_and_nobody_waits_for_it() -> None:
    device = red(make_organization())
    dynamic = paused(make_dynamic(device.organization))
    assert explain(device, dynamic).reasons[0].code == "paused"
    assert call(device) is None
    newer = make_deployment(devices=[device])
    assert offered(device) == str(newer.id)


def test_it_ends_with_its_last_part_and_is_paused_no_more() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    call(device)
    paused(deployment)
    say(device, deployment, "success")
    deployment.refresh_from_db()
    assert (deployment.paused_at, status(deployment)) == (None, Status.FINISHED)


def test_it_can_be_aborted() -> None:
    deployment = paused(make_deployment(devices=[make_device()]))
    abort(actor=make_actor(deployment.organization), deployment=deployment)
    assert status(deployment) == Status.ABORTED


def test_who_paused_it_and_why_is_told() -> None:
    device = make_device()
    deployment = paused(make_deployment(devices=[device]), reason="too many tickets")
    reason = explain(device, deployment).reasons[0]
    assert (reason.code, reason.blocks) == ("paused", True)
    assert "by someone@example.com, too many tickets" in reason.text
    entry = AuditEntry.objects.get(change__reason="too many tickets")
    assert entry.object_id == str(deployment.id)


def test_it_is_refused_where_it_makes_no_sense() -> None:
    device = make_device()
    deployment = make_deployment(devices=[device])
    with pytest.raises(Conflict, match="not paused"):
        resumed(deployment)
    with pytest.raises(Invalid):
        paused(deployment, reason="\x00")
    paused(deployment)
    with pytest.raises(Conflict, match="paused already"):
        paused(deployment)
    abort(actor=make_actor(deployment.organization), deployment=deployment)
    for act in (paused, resumed):
        with pytest.raises(Conflict, match="already finished"):
            act(deployment)
    with pytest.raises(Forbidden):
        pause(actor=make_actor(deployment.organization, "viewer"), deployment=deployment)
