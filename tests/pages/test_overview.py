"""The first page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.models import DeploymentLog
from deployments.pausing import pause
from tests.make import make_actor, make_artifact, make_deployment, make_device, make_release
from tests.pages.reading import part, queries, words

pytestmark = pytest.mark.django_db


def fail(deployment, substate="disk full", log=True):
    row = deployment.device_deployments.order_by("number").first()
    now = timezone.now()
    facts = {"state": "failure", "is_open": False, "finished_at": now, "admitted_at": now}
    deployment.device_deployments.filter(pk=row.pk).update(
        substate=substate, has_log=log, phase=deployment.phases.first(), **facts
    )
    if log:
        messages = [{"timestamp": "2026-11-17T10:00:00Z", "level": "error", "message": "no room"}]
        DeploymentLog.objects.create(device_deployment=row, messages=messages)
    return row


def test_an_empty_one_teaches_the_first_step(client):
    assert "No device has called yet" in words(client.get("/"))


def test_on_a_good_day_nothing_waits(client, home):
    make_device(home, seen_at=timezone.now())
    make_device(home, seen_at=timezone.now() - timedelta(days=2))
    text = words(client.get("/"))
    assert "Nothing needs you. 1 of 2 devices seen in the last hour." in text
    assert "Not seen for a day 50.0 % 1" in text


def test_it_counts_the_fleet_by_admission_state(client, home):
    for status in ("accepted", "accepted", "pending", "rejected", "noauth"):
        make_device(home, status=status)
    text = words(client.get("/"))
    for said in ("Accepted 40.0 % 2", "Pending 20.0 % 1", "Rejected 20.0 % 1", "No key 20.0 % 1"):
        assert said in text


def test_it_says_what_waits_worst_first(client, home):
    make_device(home, status="pending")
    deployment = make_deployment(devices=[make_device(home), make_device(home)], name="Big one")
    fail(deployment)
    response = client.get("/")
    text = words(response)
    assert "One rollout has failures. One more thing waits for you." in text
    assert text.index("1 device failed in Big one") < text.index("1 device asks to be admitted")
    assert "<title>(2) Overview – Slipway</title>" in response.content.decode()
    assert "favicon-attention" in response.content.decode()


def test_limits_nearly_reached_wait_for_somebody(client, home):
    home.device_limit, home.storage_limit = 2, 10_000
    home.save()
    make_artifact(make_release(home), size=8_700)
    make_device(home)
    make_device(home)
    text = words(client.get("/"))
    assert "Storage is 87.0 % full: 8.7 kB of 10 kB" in text
    assert "2 of 2 devices are accepted" in text


def test_it_counts_versions_by_type(client, home):
    for software in ("os-1", "os-1", "os-2", ""):
        make_device(home, device_type="gw-a64", software=software)
    text = words(client.get("/"))
    assert "gw-a64 4" in text
    assert "os-1 2 50.0 %" in text
    assert "not reported 1 25.0 %" in text


def test_rollouts_under_way_and_latest_failures_stand_there(client, home):
    device = make_device(home, name="gw-1")
    deployment = make_deployment(devices=[device, make_device(home)], name="Rollout 2")
    row = fail(deployment)
    response = client.get("/")
    assert "Rollout 2" in words(part(client, "/", "rollouts"))
    assert "gw-1 in Rollout 2 disk full" in words(response)
    assert f"/deployments/{deployment.id}/log/{row.number}/" in response.content.decode()


@pytest.mark.parametrize("target", ["needs", "rollouts", "figures", "share", "failures"])
def test_a_part_that_is_as_it_was_is_not_sent_again(client, home, target):
    make_deployment(devices=[make_device(home, device_type="board", software="os")])
    first = part(client, "/", target)
    assert (first.status_code, b"<html" in first.content) == (200, False)
    assert part(client, "/", target, X_Seen=first["X-Seen"]).status_code == 204


def test_many_of_everything_take_as_many_queries_as_one(client, home):
    fail(make_deployment(devices=[make_device(home, device_type="a"), make_device(home)]))
    few = queries(client, "/")
    for number in range(5):
        devices = [make_device(home, device_type=f"t{number}") for _ in range(10)]
        fail(make_deployment(devices=devices))
    assert queries(client, "/") == few <= 20


def test_failures_in_an_old_rollout_are_not_hidden_by_newer_ones(client, home):
    release = make_artifact(make_release(home)).release
    devices = [make_device(home), make_device(home)]
    made = [
        make_deployment(release=release, devices=devices, name=f"Rollout {n}") for n in range(8)
    ]
    fail(made[0])
    text = words(client.get("/"))
    assert "One rollout has failures." in text
    assert "1 device failed in Rollout 0" in text


def test_a_paused_rollout_needs_somebody(client, rollout):
    pause(actor=make_actor(rollout.organization), deployment=rollout, reason="too many tickets")
    text = words(client.get("/"))
    assert "One rollout is paused." in text
    assert "Rollout 2 is paused Since" in text
    assert "too many tickets. 8 wait, 1 failed." in text
    assert "will begin unless you stop it" not in text
