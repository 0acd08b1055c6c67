"""What an operator watches stays true by itself."""

import re

import pytest
from playwright.sync_api import expect

from deployments.models import Deployment, DeploymentLog
from tests.make import make_deployment, make_device


@pytest.fixture
def rollout(home):
    devices = [make_device(home, name=f"gw-{n}", device_type="board") for n in range(4)]
    return make_deployment(devices=devices, name="Rollout 2")


def watching(page, url):
    """Open the page with its clock in our hands: `page.clock.run_for` brings the next poll."""
    page.clock.install()
    page.goto(url)


def move(rollout, name, state, **facts):
    rollout.device_deployments.filter(device_name=name).update(state=state, **facts)


def test_watching_a_rollout_and_reading_a_log(signed_in, rollout):
    page = signed_in("viewer")
    watching(page, f"/deployments/{rollout.id}/")
    expect(page.get_by_text("Nobody has begun yet")).to_be_visible()
    move(rollout, "gw-1", "installing")
    page.clock.run_for(5100)
    expect(page.get_by_role("cell", name="Installing")).to_be_visible()
    ended = {"is_open": False, "finished_at": rollout.created_at, "has_log": True}
    messages = [{"timestamp": "2026-11-17T10:58:03Z", "level": "error", "message": "no room"}]
    row = rollout.device_deployments.get(device_name="gw-1")
    DeploymentLog.objects.create(device_deployment=row, messages=messages)
    move(rollout, "gw-1", "failure", **ended)
    page.clock.run_for(15100)
    expect(page.get_by_role("heading", name="What goes wrong")).to_be_visible()
    page.get_by_role("link", name="Log of gw-1").click()
    expect(page.get_by_text("error: no room")).to_be_visible()


def test_the_end_of_a_rollout_is_announced(signed_in, rollout):
    page = signed_in("operator")
    watching(page, f"/deployments/{rollout.id}/")
    now = rollout.created_at
    rollout.device_deployments.update(state="success", is_open=False, finished_at=now)
    Deployment.objects.filter(pk=rollout.pk).update(finished_at=now)
    page.clock.run_for(5100)
    said = page.get_by_role("status").get_by_text("Rollout 2 has ended: 4 installed, 0 failed.")
    expect(said).to_be_visible()
    expect(page.get_by_role("link", name="Abort…")).to_have_count(0)


def test_the_first_page_stays_true(signed_in, home):
    make_device(home, name="gw-1")
    page = signed_in()
    watching(page, "/")
    expect(page.get_by_role("heading", name="Nothing needs you.")).to_be_visible()
    make_device(home, name="gw-2", status="pending")
    page.clock.run_for(5100)
    expect(page.get_by_role("heading", name="One thing waits for you.")).to_be_visible()
    expect(page).to_have_title("(1) Overview – Slipway")
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("attention"))
