"""How updates ended, week by week, on the overview."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.charts import KINDS
from deployments.columns import columns_of
from deployments.models import DeviceDeployment
from deployments.states import FINAL
from tests.make import make_deployment, make_device, make_organization
from tests.pages.reading import part, words
from tests.pages.rollouts import say

pytestmark = pytest.mark.django_db


def line(at, **counts):
    return {"at": at} | dict.fromkeys(FINAL, 0) | counts


def test_columns_stack_up_to_the_highest():
    now = timezone.now()
    week = timedelta(days=7)
    columns = columns_of(
        [line(now - week, success=30, already_installed=10, failure=40), line(now, failure=1)]
    )
    full, tiny = columns.stacks
    assert [(p.kind, p.y, p.height) for p in full.pieces] == [
        ("ok", "50.00", "50.00"),
        ("fail", "0.00", "50.00"),
    ]
    assert [(p.kind, p.y, p.height) for p in tiny.pieces] == [("fail", "98.50", "1.50")]
    assert (full.x, full.width, tiny.x) == ("12.50", "25.00", "62.50")
    assert (columns.installed_before, columns.total_before, columns.total) == (40, 80, 81)


def test_nothing_ended_is_no_column():
    assert columns_of([]).stacks == ()
    assert columns_of([line(timezone.now())]).stacks[0].pieces == ()
    assert {"success", "already_installed", "downloaded"} == set(KINDS["ok"])


def test_the_overview_tells_of_this_week_and_those_before(client, rollout):
    say(rollout.device_deployments.order_by("number")[2], "success")
    old = rollout.device_deployments.order_by("number")[1]
    DeviceDeployment.objects.filter(pk=old.pk).update(
        started_at=timezone.now() - timedelta(days=22),
        finished_at=timezone.now() - timedelta(days=21),
    )
    text = words(part(client, "/", "weeks"))
    assert "100.0 % of 2 installed this week, 0.0 % of 1 in the 11 before." in text
    elsewhere = make_deployment(devices=[make_device(make_organization())])
    say(elsewhere.device_deployments.get(), "failure")
    assert "of 2 installed this week" in words(client.get("/"))


def test_without_updates_it_says_what_will_be_here(client, home, rollout):
    rollout.device_deployments.update(finished_at=None, state="pending", is_open=True)
    assert "No update has ended in twelve weeks" in words(client.get("/"))
